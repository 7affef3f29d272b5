// What the checks share: the client, the side door, a receiver of webhooks, and assertions that count.
import assert from 'node:assert/strict';
import http from 'node:http';
import Stripe from 'stripe';

export const base = new URL(process.env.STRIPE_API_BASE ?? 'http://127.0.0.1:12111');
export const key = process.env.STRIPE_SECRET_KEY ?? 'sk_test_standin';
export const stripe = client(key);
export { Stripe, assert };

export function client(secret, more = {}) {
  return new Stripe(secret, {
    host: base.hostname,
    port: Number(base.port),
    protocol: 'http',
    maxNetworkRetries: 0,
    telemetry: false,
    timeout: 20_000,
    ...more,
  });
}

/** The tests' side door. */
export async function door(method, path, body) {
  const answer = await fetch(new URL(`/_test/${path}`, base), {
    method,
    headers: { 'content-type': 'application/json' },
    body: body === undefined ? undefined : JSON.stringify(body),
  });
  const told = await answer.json();
  assert.equal(answer.status, 200, `${method} /_test/${path}: ${JSON.stringify(told)}`);
  return told;
}

let steps = 0;
export async function step(name, what) {
  try {
    await what();
  } catch (error) {
    error.message = `${name}: ${error.message}`;
    throw error;
  }
  steps += 1;
}
export const stepsDone = () => steps;

/** The call fails with this class of the official client, and these fields. */
export async function refused(promise, kind, fields = {}) {
  const error = await promise.then(
    () => assert.fail(`expected ${kind.name}`),
    (error) => error,
  );
  assert.ok(error instanceof kind, `expected ${kind.name}, got ${error.constructor.name}: ${error.message}`);
  for (const [name, value] of Object.entries(fields)) assert.equal(error[name], value, `${name} of ${error.message}`);
  assert.ok(!error.headers || error.headers['request-id']?.startsWith('req_') || error instanceof Stripe.errors.StripeConnectionError);
  return error;
}

/** A receiver that verifies every webhook with the official client. */
export async function receiver(secrets) {
  const events = [];
  const wrong = [];
  const server = http.createServer((request, response) => {
    const chunks = [];
    request.on('data', (chunk) => chunks.push(chunk));
    request.on('end', () => {
      const body = Buffer.concat(chunks);
      const verified = secrets.flatMap((secret) => {
        try {
          return [stripe.webhooks.constructEvent(body, request.headers['stripe-signature'], secret)];
        } catch (error) {
          wrong.push(error);
          return [];
        }
      });
      if (verified.length) events.push({ event: verified[0], by: verified.length });
      response.writeHead(verified.length ? 200 : 400).end();
    });
  });
  await new Promise((done) => server.listen(0, '127.0.0.1', done));
  return { url: `http://127.0.0.1:${server.address().port}/hook`, events, wrong, secrets, close: () => server.close() };
}

export async function form(path, fields) {
  const answer = await fetch(path, {
    method: fields ? 'POST' : 'GET',
    redirect: 'manual',
    headers: fields ? { 'content-type': 'application/x-www-form-urlencoded' } : {},
    body: fields ? new URLSearchParams(fields).toString() : undefined,
  });
  return { status: answer.status, location: answer.headers.get('location'), html: await answer.text() };
}
