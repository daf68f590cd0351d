import { maskNumber, maskSecret } from '../engine/masking.ts';
import { because, faultWords } from '../engine/report.ts';
import type { Simulator } from '../engine/simulator.ts';
import type { RunningServer } from '../http/start.ts';
import { realClock } from '../domain/clock.ts';
import type { Account, Provider } from '../providers/provider.ts';
import { version } from '../version.ts';

/** Whom the examples ask about: the default scenario declares him, and to others he is as good as anybody. */
const subject = { number: '13912345678', name: '李雷', idCard: '11010519491231002X' };

interface Announcement {
  readonly host: string;
  readonly token: string | undefined;
  readonly json: boolean;
  readonly file: string | undefined;
}

/** What is served, with which credentials, and a line to paste for each endpoint. */
export function announce({ simulator, port }: RunningServer, { host, token, json, file }: Announcement): string {
  const { scenario } = simulator.defaultTenant.generation;
  const reachable = host === '0.0.0.0' || host === '::' ? '127.0.0.1' : host.includes(':') ? `[${host}]` : host;
  const address = `${reachable}:${port}`;
  const accounts = [...simulator.defaultTenant.accounts];
  if (json) {
    const credentials = Object.fromEntries(simulator.providers.map((provider) => [provider.id, accounts.filter((account) => account.provider === provider.id).map((account) => credentialOf(account, provider))]));
    return `${JSON.stringify({ ready: true, url: `http://${address}`, version, scenario: scenario.name, credentials, ...(token === undefined ? {} : { controlToken: token }) })}\n`;
  }
  const timestamp = Math.floor(realClock.now() / 1000);
  const lines = [`konghao ${version} · scenario ${scenario.name}${file === undefined ? '' : ` (${file})`}`, ...(scenario.description === '' ? [] : [scenario.description]), ''];
  for (const provider of simulator.providers) {
    const own = accounts.filter((account) => account.provider === provider.id);
    const [account] = own;
    lines.push(`  ${provider.name}`, ...own.map((each) => `    ${shown(each, provider)}`));
    if (account === undefined) continue;
    if (!isSandbox(account, provider)) lines.push(`    ask with: konghao ask ${provider.id} ${subject.number} --url http://${address} --credential …${account.terms.secret === '' ? '' : ' --secret …'}`);
    else for (const endpoint of provider.endpoints) lines.push(`    ${endpoint.sample({ ...subject, account, host: address, timestamp }).curl}`);
    lines.push('');
  }
  lines.push(
    `  Why an answer was given:       http://${address}/_sim/journal`,
    `  What is true of a number:      http://${address}/_sim/world/${subject.number}`,
    `  What the providers can say:    http://${address}/_sim/catalogue`,
  );
  if (token !== undefined) lines.push(`  Control token: ${token}`);
  lines.push('', `konghao is ready on http://${address}`, '');
  return lines.join('\n');
}

/** For machines; see `shown`. */
const credentialOf = (account: Account, provider: Provider): { readonly credential: string; readonly secret?: string } => {
  const { credential, secret } = account.terms;
  if (!isSandbox(account, provider)) return { credential: maskSecret(credential) };
  return secret === '' ? { credential } : { credential, secret };
};

/** Published credentials as they are, anybody's own masked. */
const shown = (account: Account, provider: Provider): string => Object.values(credentialOf(account, provider)).join(' · ');

const isSandbox = ({ terms }: Account, { accounts }: Provider): boolean =>
  accounts.sandbox.some((record) => {
    const { credential, secret } = accounts.terms(record);
    return credential === terms.credential && secret === terms.secret;
  });

/** One line per exchange. */
export function follow(simulator: Simulator, json: boolean): void {
  simulator.onExchange = ({ id: tenant, journal }, sequence) => {
    const exchange = journal.get(sequence);
    const transcript = journal.transcript(sequence);
    if (exchange === undefined || transcript === undefined) return;
    const who = exchange.endpoint?.id ?? exchange.provider?.id ?? 'nobody';
    const sentence = because(exchange, transcript.method, transcript.target);
    const number = exchange.number === '' ? '' : ` ${maskNumber(exchange.number)}${exchange.numbers > 1 ? ` +${exchange.numbers - 1}` : ''}`;
    const at = new Date(exchange.at).toISOString();
    process.stdout.write(
      json
        ? `${JSON.stringify({ id: sequence, tenant, at, endpoint: who, number: maskNumber(exchange.number), status: exchange.status, row: exchange.row, units: exchange.units, milliseconds: exchange.milliseconds, fault: exchange.fault === undefined ? null : faultWords(exchange.fault), because: sentence })}\n`
        : `${at.slice(11, 23)} ${tenant === 'default' ? '' : `${tenant} `}${who}${number} → ${exchange.fault === undefined ? `HTTP ${exchange.status}, code ${exchange.row}` : faultWords(exchange.fault)}${exchange.units > 0 ? ` · ${exchange.units} charged` : ''} · ${exchange.milliseconds.toFixed(1)} ms${exchange.delay > 0 ? ` + ${exchange.delay} ms delay` : ''} · ${sentence}\n`,
    );
  };
}
