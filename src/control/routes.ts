import type { WireResponse } from '../wire/wire-response.ts';
import { accounts, amendAccount } from './accounts.ts';
import { catalogueOf } from './catalogue.ts';
import { clock, moveClock } from './clock.ts';
import { expectations } from './expectations.ts';
import { health } from './health.ts';
import { clearJournal, exchange, journal, waitForExchanges } from './journal.ts';
import { ledger, reconcileLedger } from './ledger.ts';
import { json } from './problem.ts';
import { readings } from './readings.ts';
import type { Call, Controlled, Route } from './route.ts';
import { armRule, disarmRule, putScenario, rules, scenario } from './scenario.ts';
import { putSnapshot, snapshot } from './snapshot.ts';
import { mintTenant, removeTenant, tenant, tenants } from './tenants.ts';
import { numbering, world } from './world.ts';

/** The control API: a table to read aloud. */
export const routes: readonly Route[] = [
  { method: 'GET', path: '/health', of: 'process', summary: 'whether it serves, which scenario, and what is wrong with the last edit', open: true, run: health },
  { method: 'GET', path: '/catalogue', of: 'process', summary: 'every code of every endpoint, with its evidence and its cause', run: ({ simulator }) => json(catalogueOf(simulator.providers)) },
  { method: 'GET', path: '/numbering/{number}', of: 'process', summary: 'what the public number plan says of a number', run: numbering },
  { method: 'GET', path: '/tenants', of: 'process', summary: 'who there is, and until when', run: tenants },
  { method: 'POST', path: '/tenants', of: 'process', summary: 'a private world with credentials of its own: scenario (a name, YAML or JSON), seed, clock', run: mintTenant },
  { method: 'GET', path: '/tenants/{id}', of: 'process', summary: 'one tenant', run: tenant },
  { method: 'DELETE', path: '/tenants/{id}', of: 'process', summary: 'ends a tenant; its credentials are known no more', run: removeTenant },

  { method: 'GET', path: '/readings', of: 'tenant', summary: 'where the documents leave a choice, and what is chosen', run: readings },
  { method: 'GET', path: '/scenario', of: 'tenant', summary: 'the scenario in force', run: scenario },
  { method: 'PUT', path: '/scenario', of: 'tenant', summary: 'puts a scenario into force: all or nothing', run: putScenario },
  { method: 'POST', path: '/reset', of: 'tenant', summary: 'counters, balances, ledger, clock and journal as at the start', run: reset },
  { method: 'GET', path: '/clock', of: 'tenant', summary: 'what time it is', run: clock },
  { method: 'PATCH', path: '/clock', of: 'tenant', summary: 'freeze, advance, follow or speed', run: moveClock },
  { method: 'GET', path: '/accounts', of: 'tenant', summary: 'the accounts, what they have left and what was counted', run: accounts },
  { method: 'PATCH', path: '/accounts/{provider}', of: 'tenant', summary: 'topUp, correction or set, of one credential', run: amendAccount },
  { method: 'GET', path: '/rules', of: 'tenant', summary: 'the rules, and how often each was used', run: rules },
  { method: 'POST', path: '/rules', of: 'tenant', summary: 'arms a rule, in front of all others; one of the same name is replaced', run: armRule },
  { method: 'DELETE', path: '/rules/{id}', of: 'tenant', summary: 'disarms a rule', run: disarmRule },
  { method: 'GET', path: '/world/{number}', of: 'tenant', summary: 'the truth of a number and how the providers say it (reveal=true shows the owner)', run: world },
  { method: 'GET', path: '/journal', of: 'tenant', summary: 'the last exchanges, newest first (limit, provider, endpoint, number, row, from, to)', run: journal },
  { method: 'GET', path: '/journal/wait', of: 'tenant', summary: 'waits for exchanges (count, after, timeout, and what /journal takes)', run: waitForExchanges },
  { method: 'GET', path: '/journal/{id}', of: 'tenant', summary: 'one exchange, by its place or by the id that the client saw: every phase with its verdict', run: exchange },
  { method: 'DELETE', path: '/journal', of: 'tenant', summary: 'forgets the exchanges', run: clearJournal },
  { method: 'GET', path: '/ledger', of: 'tenant', summary: 'what was charged, to whom and for which exchange (format=csv for a bill)', run: ledger },
  { method: 'POST', path: '/ledger/reconcile', of: 'tenant', summary: "the application's own records against the ledger", run: reconcileLedger },
  { method: 'GET', path: '/expectations', of: 'tenant', summary: 'what the scenario expects, and whether it is met', run: expectations },
  { method: 'GET', path: '/snapshot', of: 'tenant', summary: 'the state, to be put back (personal=true: whole, with the requests, to be replayed)', run: snapshot },
  { method: 'PUT', path: '/snapshot', of: 'tenant', summary: 'puts a state back', run: putSnapshot },
];

function reset(_controlled: Controlled, { tenant: own }: Call): WireResponse {
  own.reset();
  return json({ reset: true });
}
