import type { Account } from '../provider.ts';
import type { Mistake } from './doctor-mistake.ts';

/** What both families of signatures know of the key. */
export interface KeysSeen {
  readonly account: Account;
  /** Of the same tenant, the account itself among them or not. */
  readonly accounts: readonly Account[];
}

/** A tenant with more accounts than this is a list of test keys, and its first ones will do. */
const mostAccounts = 100;

/** The first 8 characters of a SecretId, and fewer of a short one: enough to tell two of one's own apart. */
export const maskedId = (secretId: string): string => `${secretId.slice(0, Math.min(8, secretId.length >> 1))}…`;

/**
 * Mistakes about which SecretKey signs; the text that is signed is right.
 *
 * @param withKey what of a signing changes with the SecretKey
 */
export function keyMistakes<Signing, Seen extends KeysSeen>(withKey: (secretKey: string, right: Signing, seen: Seen) => Partial<Signing>): readonly Mistake<Signing, Seen>[] {
  return [
    {
      cause: 'key-of-another-account',
      explain: (what, { account }) => `The request names the SecretId ${maskedId(account.terms.credential)} and is signed with the SecretKey of ${what}. Take both from the same pair.`,
      variants: (right, seen) =>
        seen.accounts.slice(0, mostAccounts)
          .filter(({ terms }) => terms.secret !== seen.account.terms.secret)
          .map(({ terms }) => [maskedId(terms.credential), withKey(terms.secret, right, seen)]),
    },
    {
      cause: 'key-padded',
      explain: (what) => `The SecretKey was used ${what}. Strip it where it is read from a file or the environment.`,
      variants: (right, seen) => {
        const key = seen.account.terms.secret;
        const padded: readonly (readonly [what: string, key: string])[] = [
          ['with a line break behind it', `${key}\n`], ['with CR and LF behind it', `${key}\r\n`],
          ['with a blank behind it', `${key} `], ['with a blank before it', ` ${key}`],
          ['in double quotes', `"${key}"`], ['in single quotes', `'${key}'`],
        ];
        return padded.map(([what, each]) => [what, withKey(each, right, seen)]);
      },
    },
    {
      cause: 'secret-id-as-key',
      explain: () => 'The SecretId was used as the key. Sign with the SecretKey that belongs to it.',
      variants: (right, seen) => [['', withKey(seen.account.terms.credential, right, seen)]],
    },
  ];
}
