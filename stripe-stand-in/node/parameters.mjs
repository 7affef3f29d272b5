// The parameters of every address against those of Stripe's own types, as they lie in the official package.
import fs from 'node:fs';
import path from 'node:path';
import { createRequire } from 'node:module';

const home = path.join(path.dirname(createRequire(import.meta.url).resolve('stripe')), 'resources');

/** Address to file and interface; an address that takes nothing but `expand` is left out. */
const types = {
  'POST /v1/accounts': ['Accounts', 'AccountCreateParams'],
  'POST /v1/accounts/:id': ['Accounts', 'AccountUpdateParams'],
  'GET /v1/accounts': ['Accounts', 'AccountListParams'],
  'POST /v1/account_links': ['AccountLinks', 'AccountLinkCreateParams'],
  'POST /v1/accounts/:id/external_accounts': ['Accounts', 'AccountCreateExternalAccountParams'],
  'GET /v1/accounts/:id/external_accounts': ['Accounts', 'AccountListExternalAccountsParams'],
  'POST /v1/customers': ['Customers', 'CustomerCreateParams'],
  'POST /v1/customers/:id': ['Customers', 'CustomerUpdateParams'],
  'GET /v1/customers': ['Customers', 'CustomerListParams'],
  'GET /v1/customers/:id/payment_methods': ['Customers', 'CustomerListPaymentMethodsParams'],
  'GET /v1/payment_methods': ['PaymentMethods', 'PaymentMethodListParams'],
  'POST /v1/payment_methods/:id': ['PaymentMethods', 'PaymentMethodUpdateParams'],
  'POST /v1/payment_methods/:id/attach': ['PaymentMethods', 'PaymentMethodAttachParams'],
  'POST /v1/setup_intents': ['SetupIntents', 'SetupIntentCreateParams'],
  'GET /v1/setup_intents': ['SetupIntents', 'SetupIntentListParams'],
  'POST /v1/setup_intents/:id/confirm': ['SetupIntents', 'SetupIntentConfirmParams'],
  'POST /v1/setup_intents/:id/cancel': ['SetupIntents', 'SetupIntentCancelParams'],
  'POST /v1/checkout/sessions': ['Checkout/Sessions', 'SessionCreateParams'],
  'GET /v1/checkout/sessions': ['Checkout/Sessions', 'SessionListParams'],
  'POST /v1/payment_intents': ['PaymentIntents', 'PaymentIntentCreateParams'],
  'GET /v1/payment_intents': ['PaymentIntents', 'PaymentIntentListParams'],
  'POST /v1/payment_intents/:id': ['PaymentIntents', 'PaymentIntentUpdateParams'],
  'POST /v1/payment_intents/:id/confirm': ['PaymentIntents', 'PaymentIntentConfirmParams'],
  'POST /v1/payment_intents/:id/cancel': ['PaymentIntents', 'PaymentIntentCancelParams'],
  'GET /v1/charges': ['Charges', 'ChargeListParams'],
  'POST /v1/charges/:id': ['Charges', 'ChargeUpdateParams'],
  'POST /v1/refunds': ['Refunds', 'RefundCreateParams'],
  'GET /v1/refunds': ['Refunds', 'RefundListParams'],
  'POST /v1/refunds/:id': ['Refunds', 'RefundUpdateParams'],
  'POST /v1/transfers': ['Transfers', 'TransferCreateParams'],
  'GET /v1/transfers': ['Transfers', 'TransferListParams'],
  'POST /v1/transfers/:id': ['Transfers', 'TransferUpdateParams'],
  'POST /v1/transfers/:id/reversals': ['Transfers', 'TransferCreateReversalParams'],
  'POST /v1/payouts': ['Payouts', 'PayoutCreateParams'],
  'GET /v1/payouts': ['Payouts', 'PayoutListParams'],
  'POST /v1/payouts/:id': ['Payouts', 'PayoutUpdateParams'],
  'GET /v1/balance_transactions': ['BalanceTransactions', 'BalanceTransactionListParams'],
  'GET /v1/disputes': ['Disputes', 'DisputeListParams'],
  'POST /v1/disputes/:id': ['Disputes', 'DisputeUpdateParams'],
  'GET /v1/events': ['Events', 'EventListParams'],
  'POST /v1/webhook_endpoints': ['WebhookEndpoints', 'WebhookEndpointCreateParams'],
  'POST /v1/webhook_endpoints/:id': ['WebhookEndpoints', 'WebhookEndpointUpdateParams'],
};

function members(file, name) {
  const text = fs.readFileSync(path.join(home, `${file}.d.ts`), 'utf8');
  const start = new RegExp(`^( *)(?:export )?interface ${name}( extends [^{]+)? \\{$`, 'm').exec(text);
  if (!start) throw new Error(`no ${name} in ${file}`);
  const inner = `${start[1]}    `;
  const end = text.indexOf(`\n${start[1]}}`, start.index);
  const body = text.slice(start.index, end);
  const found = [...body.matchAll(new RegExp(`^${inner}(\\w+)\\??:`, 'gm'))].map((match) => match[1]);
  if (start[2]?.includes('PaginationParams')) found.push('limit', 'starting_after', 'ending_before');
  return found.filter((one) => one !== 'expand');
}

/** What differs, in words; nothing when all is as Stripe has it. */
export function differences(routes) {
  const told = [];
  for (const [address, [file, name]] of Object.entries(types)) {
    const route = routes.find((one) => `${one.method} ${one.path}` === address);
    const ours = new Set(route?.params ?? []);
    const theirs = new Set(members(file, name));
    const missing = [...theirs].filter((one) => !ours.has(one));
    const invented = [...ours].filter((one) => !theirs.has(one));
    if (missing.length || invented.length) told.push(`${address}: missing ${missing}; invented ${invented}`);
  }
  return told;
}
