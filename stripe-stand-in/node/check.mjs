// Stripe's official client walks the stand-in: every address, errors by class, pages by cursor, webhooks by signature.
//
//   node check.mjs         needs STRIPE_API_BASE and STRIPE_SECRET_KEY of a running stand-in
//   node check.mjs sign    reads {"payload": …, "secret": …, "timestamp": …} lines, prints a Stripe-Signature for each
import readline from 'node:readline';
import { differences } from './parameters.mjs';
import { Stripe, assert, base, client, door, form, receiver, refused, step, stepsDone, stripe } from './harness.mjs';

const { errors } = Stripe;

if (process.argv[2] === 'sign') {
  for await (const line of readline.createInterface({ input: process.stdin })) {
    if (line.trim()) console.log(stripe.webhooks.generateTestHeaderString(JSON.parse(line)));
  }
  process.exit(0);
}

const day = 86_400;
const hooks = await receiver(['whsec_first']);
const info = await door('GET', 'info');
assert.equal(Stripe.API_VERSION ?? info.api_version, info.api_version);
const endpoint = await door('POST', 'endpoints', { url: hooks.url, secrets: hooks.secrets });
const seen = (type) => hooks.events.filter(({ event }) => event.type === type).map(({ event }) => event);
const settled = () => door('POST', 'deliver', { ids: [] });
const all = async (list) => {
  const found = [];
  for await (const one of list) found.push(one);
  return found;
};

let account, customer, card, bank;

await step('parameters are those of the official types', async () => {
  assert.deepEqual(differences(await door('GET', 'routes')), []);
});

await step('accounts', async () => {
  account = await stripe.accounts.create({
    type: 'express', country: 'US', email: 'attorney@firm.example',
    capabilities: { transfers: { requested: true } }, metadata: { person: '7' },
    business_profile: { name: 'Lex', url: 'https://lex.example' },
  });
  assert.equal(account.type, 'express');
  assert.equal(account.capabilities.transfers, 'inactive');
  assert.equal(account.payouts_enabled, false);
  assert.ok(account.requirements.currently_due.includes('external_account'));
  assert.equal(account.controller.stripe_dashboard.type, 'express');
  assert.equal(account.business_profile.name, 'Lex');
  await refused(
    stripe.transfers.create({ amount: 100, currency: 'usd', destination: account.id }),
    errors.StripeInvalidRequestError, { code: 'insufficient_capabilities_for_transfer', statusCode: 400 },
  );
  await refused(stripe.accounts.createLoginLink(account.id), errors.StripeInvalidRequestError);

  const ask = () => stripe.accountLinks.create({
    account: account.id, type: 'account_onboarding', refresh_url: 'http://127.0.0.1/refresh', return_url: 'http://127.0.0.1/return',
  });
  const link = await ask();
  const page = await form(link.url);
  assert.equal(page.status, 200);
  const visit = /name="visit" value="(\w+)"/.exec(page.html)[1];
  assert.equal((await form(link.url)).location, 'http://127.0.0.1/refresh', 'a used link');
  assert.equal((await form(link.url, { visit, action: 'leave', first_name: 'Ada' })).location, 'http://127.0.0.1/return');
  assert.equal((await stripe.accounts.retrieve(account.id)).details_submitted, false);
  const again = await ask();
  const visit2 = /name="visit" value="(\w+)"/.exec((await form(again.url)).html)[1];
  await form(again.url, { visit: visit2, action: 'submit', last_name: 'Lovelace', account_number: '000123456789' });
  account = await stripe.accounts.retrieve(account.id);
  assert.equal(account.capabilities.transfers, 'active');
  assert.equal(account.payouts_enabled, true);
  assert.deepEqual(account.requirements.currently_due, []);
  assert.ok((await stripe.accounts.createLoginLink(account.id)).url);
  const banks = await stripe.accounts.listExternalAccounts(account.id, { object: 'bank_account' });
  assert.equal(banks.data[0].last4, '6789');
  assert.equal((await stripe.accounts.update(account.id, { metadata: { person: '8' } })).metadata.person, '8');
  assert.ok((await all(stripe.accounts.list({ limit: 1 }))).some((one) => one.id === account.id));
  await settled();
  assert.ok(seen('account.updated').some((event) => event.account === account.id && event.data.previous_attributes));
});

await step('customers and methods', async () => {
  customer = await stripe.customers.create({ name: 'Blue Harbor', email: 'pay@blue.example', metadata: { tenant: '1' } });
  customer = await stripe.customers.update(customer.id, { description: 'MSP', metadata: { tenant: '' } });
  assert.deepEqual(customer.metadata, {});
  const session = await stripe.checkout.sessions.create({
    mode: 'setup', customer: customer.id, currency: 'usd', success_url: 'http://127.0.0.1/ok?s={CHECKOUT_SESSION_ID}',
    cancel_url: 'http://127.0.0.1/no', metadata: { retainer: '1' },
  });
  assert.equal(session.status, 'open');
  assert.match((await form(session.url, { action: 'card', card_number: '1234' })).html, /card number is invalid/);
  assert.match((await form(session.url, { action: 'card', card_number: '4000000000009995' })).html, /insufficient funds/);
  const proof = await form(session.url, { action: 'card', card_number: '4000 0025 0000 3155', name: 'Mira', email: 'm@blue.example' });
  assert.match(proof.location, /authenticate/);
  const done = await form(proof.location, { action: 'complete' });
  assert.equal(done.location, `http://127.0.0.1/ok?s=${session.id}`);
  const complete = await stripe.checkout.sessions.retrieve(session.id, { expand: ['setup_intent.payment_method'] });
  assert.equal(complete.status, 'complete');
  assert.equal(complete.setup_intent.status, 'succeeded');
  card = complete.setup_intent.payment_method;
  assert.equal(card.customer, customer.id);
  assert.equal(card.card.last4, '3155');
  await stripe.customers.update(customer.id, { invoice_settings: { default_payment_method: card.id } });
  const expired = await stripe.checkout.sessions.create({ mode: 'setup', currency: 'usd', success_url: 'http://127.0.0.1/ok' });
  assert.equal((await stripe.checkout.sessions.expire(expired.id)).status, 'expired');
  assert.equal((await stripe.checkout.sessions.list({ customer: customer.id })).data.length, 1);

  bank = await stripe.paymentMethods.create({
    type: 'us_bank_account', billing_details: { name: 'Blue Harbor' },
    us_bank_account: { account_holder_type: 'company', account_number: '000123456789', routing_number: '110000000' },
  });
  const set = await stripe.setupIntents.create({
    customer: customer.id, payment_method: bank.id, confirm: true, automatic_payment_methods: { enabled: true, allow_redirects: 'never' },
  });
  assert.equal(set.status, 'succeeded');
  assert.ok((await stripe.mandates.retrieve(set.mandate)).status);
  assert.equal((await stripe.setupIntents.retrieve(set.id)).id, set.id);
  assert.equal((await stripe.setupIntents.list({ customer: customer.id })).data.length, 2);
  const spare = await stripe.paymentMethods.attach('pm_card_visa', { customer: customer.id });
  assert.equal((await stripe.paymentMethods.detach(spare.id)).customer, null);
  assert.equal((await stripe.customers.listPaymentMethods(customer.id)).data.length, 2);
  assert.equal((await stripe.paymentMethods.list({ customer: customer.id, type: 'card' })).data[0].id, card.id);
  await refused(stripe.paymentMethods.attach('pm_card_chargeDeclined', { customer: customer.id }), errors.StripeCardError);
  await settled();
  for (const type of ['checkout.session.completed', 'checkout.session.expired', 'setup_intent.succeeded', 'payment_method.attached']) {
    assert.ok(seen(type).length, type);
  }
});

const pay = (method, more = {}, options = {}) => stripe.paymentIntents.create({
  amount: 240_000, currency: 'usd', customer: customer.id, payment_method: method, confirm: true, off_session: true,
  transfer_group: 'retainer_1_2026-10', metadata: { retainer: '1', period: '2026-10' }, ...more,
}, options);

let paid, transfer;
await step('charge, transfer, payout', async () => {
  paid = await pay(card.id, { expand: ['latest_charge.balance_transaction'] });
  assert.equal(paid.status, 'succeeded');
  const line = paid.latest_charge.balance_transaction;
  assert.equal(line.fee, Math.round(240_000 * 0.029) + 30);
  assert.equal(line.fee_details[0].type, 'stripe_fee');
  assert.equal(line.status, 'pending');
  await refused(
    stripe.transfers.create({ amount: 240_000, currency: 'usd', destination: account.id }),
    errors.StripeInvalidRequestError, { code: 'balance_insufficient' },
  );
  transfer = await stripe.transfers.create({
    amount: 240_000, currency: 'usd', destination: account.id, source_transaction: paid.latest_charge.id, metadata: { period: '2026-10' },
  });
  assert.equal(transfer.transfer_group, 'retainer_1_2026-10');
  await refused(
    stripe.transfers.create({ amount: 1, currency: 'usd', destination: account.id, source_transaction: paid.latest_charge.id }),
    errors.StripeInvalidRequestError,
  );
  assert.equal((await stripe.transfers.list({ transfer_group: 'retainer_1_2026-10' })).data[0].id, transfer.id);
  assert.equal((await stripe.charges.list({ transfer_group: 'retainer_1_2026-10' })).data[0].payment_intent, paid.id);
  assert.equal((await stripe.charges.retrieve(paid.latest_charge.id)).paid, true);
  const inner = { stripeAccount: account.id };
  assert.equal((await stripe.balance.retrieve({}, inner)).pending[0].amount, 240_000);
  await door('POST', 'clock', { stop: true });
  await door('POST', 'clock', { advance: 5 * day });
  const payouts = await stripe.payouts.list({ status: 'paid' }, inner);
  assert.equal(payouts.data[0].amount, 240_000);
  assert.equal((await stripe.payouts.retrieve(payouts.data[0].id, {}, inner)).status, 'paid');
  const lines = await stripe.balanceTransactions.list({ payout: payouts.data[0].id }, inner);
  assert.deepEqual(lines.data.map((one) => one.type).sort(), ['payment', 'payout']);
  assert.equal((await stripe.balanceTransactions.retrieve(line.id)).status, 'available');
  await refused(stripe.transfers.createReversal(transfer.id), errors.StripeInvalidRequestError, { code: 'balance_insufficient' });
  for (const type of ['payout.created', 'payout.paid']) assert.equal(seen(type)[0].account, account.id, type);
  for (const type of ['payment_intent.created', 'payment_intent.succeeded', 'charge.succeeded', 'transfer.created']) {
    assert.equal(seen(type)[0].account, undefined, type);
  }
});

await step('reversals and refunds', async () => {
  const second = await pay(card.id);
  const moved = await stripe.transfers.create({
    amount: 100_000, currency: 'usd', destination: account.id, source_transaction: second.latest_charge,
  });
  const part = await stripe.transfers.createReversal(moved.id, { amount: 40_000, metadata: { why: 'refund' } });
  assert.equal(part.transfer, moved.id);
  await stripe.transfers.createReversal(moved.id);
  assert.equal((await stripe.transfers.retrieve(moved.id)).reversed, true);
  assert.equal((await stripe.transfers.listReversals(moved.id)).data.length, 2);
  assert.equal((await stripe.transfers.retrieveReversal(moved.id, part.id)).amount, 40_000);
  const refund = await stripe.refunds.create({ payment_intent: second.id, amount: 1_000, reason: 'requested_by_customer' });
  assert.equal(refund.status, 'succeeded');
  await stripe.refunds.create({ charge: second.latest_charge });
  await refused(stripe.refunds.create({ charge: second.latest_charge }), errors.StripeInvalidRequestError, { code: 'charge_already_refunded' });
  assert.equal((await stripe.refunds.list({ charge: second.latest_charge })).data.length, 2);
  assert.equal((await stripe.refunds.retrieve(refund.id)).amount, 1_000);
  await settled();
  for (const type of ['transfer.reversed', 'charge.refunded', 'refund.created']) assert.ok(seen(type).length, type);
});

await step('declines and authentication', async () => {
  const declining = await stripe.paymentMethods.attach('pm_card_chargeCustomerFail', { customer: customer.id });
  const error = await refused(pay(declining.id), errors.StripeCardError, { code: 'card_declined', decline_code: 'generic_decline', statusCode: 402 });
  assert.equal(error.payment_intent.status, 'requires_payment_method');
  assert.equal(error.payment_method.id, declining.id);
  assert.equal((await stripe.charges.retrieve(error.charge)).status, 'failed');
  const strict = await stripe.paymentMethods.attach('pm_card_authenticationRequired', { customer: customer.id });
  const asked = await refused(pay(strict.id), errors.StripeCardError, { code: 'authentication_required' });
  const onSession = await stripe.paymentIntents.confirm(asked.payment_intent.id, { payment_method: strict.id, return_url: 'http://127.0.0.1/back?x=1' });
  assert.equal(onSession.status, 'requires_action');
  assert.equal(onSession.next_action.type, 'redirect_to_url');
  const back = await form(onSession.next_action.redirect_to_url.url, { action: 'fail' });
  assert.match(back.location, /back\?x=1&payment_intent=pi_.*redirect_status=failed/);
  const retry = await stripe.paymentIntents.confirm(asked.payment_intent.id, { payment_method: strict.id, return_url: 'http://127.0.0.1/back' });
  await form(retry.next_action.redirect_to_url.url, { action: 'complete' });
  assert.equal((await stripe.paymentIntents.retrieve(retry.id)).status, 'succeeded');
  await refused(stripe.paymentIntents.cancel(retry.id), errors.StripeInvalidRequestError, { code: 'payment_intent_unexpected_state' });
  const open = await stripe.paymentIntents.create({ amount: 500, currency: 'jpy' });
  assert.equal((await stripe.paymentIntents.update(open.id, { amount: 600 })).amount, 600);
  assert.equal((await stripe.paymentIntents.cancel(open.id, { cancellation_reason: 'abandoned' })).status, 'canceled');
  assert.ok((await stripe.paymentIntents.list({ customer: customer.id })).data.length > 3);
  await settled();
  for (const type of ['charge.failed', 'payment_intent.payment_failed', 'payment_intent.requires_action', 'payment_intent.canceled']) {
    assert.ok(seen(type).length, type);
  }
});

await step('bank debits, returns, disputes', async () => {
  const debit = await pay(bank.id, { expand: ['latest_charge'] });
  assert.equal(debit.status, 'processing');
  assert.equal(debit.latest_charge.status, 'pending');
  const closed = await stripe.paymentMethods.attach('pm_usBankAccount_accountClosed', { customer: customer.id });
  const failing = await pay(closed.id);
  await door('POST', 'clock', { advance: 5 * day });
  assert.equal((await stripe.paymentIntents.retrieve(debit.id)).status, 'succeeded');
  const failed = await stripe.paymentIntents.retrieve(failing.id, { expand: ['latest_charge'] });
  assert.equal(failed.status, 'requires_payment_method');
  assert.equal(failed.last_payment_error.code, 'account_closed');
  assert.equal(failed.latest_charge.failure_code, 'account_closed');
  assert.ok(failed.latest_charge.failure_balance_transaction);
  const lost = await door('POST', `charge/${debit.latest_charge.id}/return`, {});
  assert.equal(lost.status, 'lost');
  const dispute = await door('POST', `charge/${paid.latest_charge.id}/dispute`, { reason: 'product_not_received' });
  assert.equal((await stripe.disputes.retrieve(dispute.id)).status, 'needs_response');
  assert.equal((await stripe.disputes.update(dispute.id, { evidence: { product_description: 'Hours' } })).status, 'under_review');
  await door('POST', `dispute/${dispute.id}/win`, {});
  const third = await pay(card.id);
  const other = await door('POST', `charge/${third.latest_charge}/dispute`, {});
  assert.equal((await stripe.disputes.close(other.id)).status, 'lost');
  assert.equal((await stripe.disputes.list({ charge: third.latest_charge })).data.length, 1);
  await settled();
  for (const type of ['created', 'updated', 'closed', 'funds_withdrawn', 'funds_reinstated']) assert.ok(seen(`charge.dispute.${type}`).length, type);
});

await step('a closed bank account', async () => {
  const inner = { stripeAccount: account.id };
  await door('POST', `account/${account.id}/close_bank`, {});
  const third = await pay(card.id);
  await stripe.transfers.create({ amount: 90_000, currency: 'usd', destination: account.id, source_transaction: third.latest_charge });
  await door('POST', 'clock', { advance: 5 * day });
  const [failed] = (await stripe.payouts.list({ status: 'failed' }, inner)).data;
  assert.equal(failed.failure_code, 'account_closed');
  const now = await stripe.accounts.retrieve(account.id);
  assert.equal(now.payouts_enabled, false);
  assert.equal(now.external_accounts.data[0].status, 'errored');
  await refused(stripe.payouts.create({ amount: 90_000, currency: 'usd' }, inner), errors.StripeInvalidRequestError, { code: 'payouts_not_allowed' });
  await stripe.accounts.createExternalAccount(account.id, {
    external_account: { object: 'bank_account', country: 'US', currency: 'usd', account_number: '000123456789', routing_number: '110000000' },
  });
  const manual = await stripe.payouts.create({ amount: 40_000, currency: 'usd', metadata: { retry: '1' } }, inner);
  assert.equal(manual.automatic, false);
  await door('POST', 'clock', { advance: 3 * day });
  assert.equal((await stripe.payouts.retrieve(manual.id, {}, inner)).status, 'paid');
  assert.equal((await stripe.balance.retrieve({}, inner)).available[0].amount, 0);
  await door('POST', `account/${account.id}/restrict`, {});
  assert.equal((await stripe.accounts.retrieve(account.id)).requirements.disabled_reason, 'requirements.past_due');
  await door('POST', `account/${account.id}/unrestrict`, {});
  assert.ok(seen('payout.failed')[0].data.object.failure_code);
});

await step('lists and expands', async () => {
  const made = [];
  for (let n = 0; n < 23; n += 1) made.push((await stripe.customers.create({ email: `n${n}@list.example` })).id);
  const found = await all(stripe.customers.list({ limit: 5 }));
  assert.deepEqual(found.slice(0, 23).map((one) => one.id), made.toReversed());
  const middle = await stripe.customers.list({ limit: 4, ending_before: made[10] });
  assert.deepEqual(middle.data.map((one) => one.id), [made[14], made[13], made[12], made[11]]);
  assert.equal(middle.has_more, true);
  const back = [];
  for await (const one of stripe.customers.list({ limit: 7, ending_before: made[0] })) back.push(one.id);
  assert.deepEqual(back, made.slice(1));
  const { now } = await door('GET', 'clock');
  assert.equal((await stripe.customers.list({ created: { gt: now } })).data.length, 0);
  const intents = await stripe.paymentIntents.list({ limit: 3, expand: ['data.latest_charge.balance_transaction'] });
  assert.ok(intents.data.some((one) => one.latest_charge?.balance_transaction?.object === 'balance_transaction'));
  await refused(stripe.paymentIntents.retrieve(paid.id, { expand: ['nonsense'] }), errors.StripeInvalidRequestError);
  const events = await all(stripe.events.list({ type: 'payment_intent.*', limit: 2 }));
  assert.ok(events.length > 4 && events.every((event) => event.type.startsWith('payment_intent.')));
  assert.equal((await stripe.events.retrieve(events[0].id)).id, events[0].id);
  assert.ok((await stripe.events.list({ type: 'payout.failed' }, { stripeAccount: account.id })).data.length);
  assert.equal((await stripe.customers.del(made[0])).deleted, true);
  await refused(stripe.customers.list({ starting_after: 'cus_nobody' }), errors.StripeInvalidRequestError, { code: 'resource_missing' });
});

await step('idempotency', async () => {
  const once = { idempotencyKey: 'retainer_1:2026-11:1' };
  const first = await pay(card.id, {}, once);
  const again = await pay(card.id, {}, once);
  assert.equal(again.id, first.id);
  assert.equal(again.lastResponse.headers['idempotent-replayed'], 'true');
  assert.equal(first.lastResponse.idempotencyKey, once.idempotencyKey);
  await refused(pay(card.id, { amount: 1_000 }, once), errors.StripeIdempotencyError, { statusCode: 400 });
  await door('POST', 'faults', { method: 'POST', path: '/v1/payment_intents', kind: { slow: { ms: 400 } }, times: 1 });
  const key = { idempotencyKey: 'slow' };
  const slow = pay(card.id, {}, key);
  await new Promise((done) => setTimeout(done, 100));
  // The official client has no class of its own for 409.
  await refused(pay(card.id, {}, key), errors.StripeAPIError, { statusCode: 409, code: 'idempotency_key_in_use', rawType: 'idempotency_error' });
  await slow;
  await door('POST', 'clock', { advance: day });
  assert.notEqual((await pay(card.id, {}, once)).id, first.id);
});

await step('faults as the client sees them', async () => {
  const strike = (kind, times = 1) => door('POST', 'faults', { method: 'POST', path: '/v1/customers', kind, times });
  const make = (from = stripe, options = {}) => from.customers.create({ email: 'fault@list.example' }, options);
  await strike('rate_limit');
  await refused(make(), errors.StripeRateLimitError, { statusCode: 429 });
  await strike('error_before');
  await refused(make(), errors.StripeAPIError, { statusCode: 500 });
  // The official client tries once more by itself when a connection is cut.
  await strike('cut_before', 2);
  await refused(make(), errors.StripeConnectionError);
  await strike('timeout_after');
  await refused(make(client(stripeKey(), { timeout: 300 })), errors.StripeConnectionError);
  await strike('cut_after', 2);
  const patient = client(stripeKey(), { maxNetworkRetries: 3 });
  await make(patient, { idempotencyKey: 'patient' });
  const made = await all(stripe.customers.list({ email: 'fault@list.example' }));
  assert.equal(made.length, 2, 'one by the timeout after effect, one by the patient client');
  await strike('error_after');
  await refused(make(stripe, { idempotencyKey: 'stored' }), errors.StripeAPIError);
  await refused(make(stripe, { idempotencyKey: 'stored' }), errors.StripeAPIError);
  await refused(client('sk_test_wrong').balance.retrieve(), errors.StripeAuthenticationError);
  await refused(stripe.balance.retrieve({}, { stripeAccount: 'acct_nobody' }), errors.StripePermissionError);
  await refused(stripe.customers.create({ shoe_size: '44' }), errors.StripeInvalidRequestError, { code: 'parameter_unknown', param: 'shoe_size' });
  await refused(client(stripeKey(), { apiVersion: '2020-08-27' }).balance.retrieve(), errors.StripeInvalidRequestError);
});

await step('webhook endpoints and signatures', async () => {
  const second = await receiver([]);
  const made = await stripe.webhookEndpoints.create({ url: second.url, enabled_events: ['customer.created'] });
  second.secrets.push(made.secret);
  await stripe.customers.create({ name: 'Hook' });
  await settled();
  assert.equal(second.events.length, 1);
  assert.ok((await stripe.webhookEndpoints.list()).data.some((one) => one.id === made.id && !one.secret));
  await stripe.webhookEndpoints.update(made.id, { disabled: true });
  await stripe.webhookEndpoints.del(made.id);
  second.close();
  const { secrets } = await door('POST', `endpoints/${endpoint.id}/rotate`, { keep_old: true });
  hooks.secrets.splice(0, 1, ...secrets);
  await stripe.customers.create({ name: 'Rotated' });
  await settled();
  assert.equal(hooks.events.at(-1).by, 2, 'both secrets verify');
  assert.deepEqual(hooks.wrong.map(String), []);
  assert.ok(hooks.events.every(({ event }) => event.api_version === info.api_version && event.livemode === false));
  assert.ok(hooks.events.some(({ event }) => event.request.idempotency_key === 'retainer_1:2026-11:1'));
});

function stripeKey() {
  return process.env.STRIPE_SECRET_KEY ?? 'sk_test_standin';
}

hooks.close();
console.log(`${stepsDone()} steps with stripe ${Stripe.PACKAGE_VERSION} against ${base.origin}: all well; ${hooks.events.length} webhooks verified`);
process.exit(0);
