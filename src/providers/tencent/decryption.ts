import { open, type Opened } from '../../sealed/envelope.ts';
import { sandboxKeys } from '../../sealed/sandbox-keys.ts';
import { refuse, type Refusal } from '../provider.ts';
import { mayUseKms } from './account.ts';
import { encryptionOf } from './parameters.ts';
import type { TencentDraft } from './request.ts';

/**
 * The number in clear text, or why it stays closed. Which code belongs to which fault is inferred from the codes'
 * own texts (facts, section 6.3).
 */
export function openMobile(draft: TencentDraft): string | Refusal {
  const opened = openEnvelope(draft);
  if (!('kind' in opened)) return opened;
  return opened.kind === 'opened' ? (opened.texts[0] ?? '') : refuse('FailedOperation.DecryptSystemError', `decryption fails at ${opened.step}: ${opened.why}`);
}

/** What opening `Mobile` gives, step and all; a refusal where it does not come to that. A number in clear text is open already. */
export function openEnvelope(draft: Pick<TencentDraft, 'business' | 'account'>): Opened | Refusal {
  const mobile = draft.business['Mobile'] as string;
  const encryption = encryptionOf(draft.business);
  if (encryption === undefined) return { kind: 'opened', texts: [mobile] };
  const { fields, algorithm, blob, iv, tags } = encryption;
  if (algorithm !== 'AES-256-CBC' && algorithm !== 'SM4-GCM') {
    return refuse('InvalidParameterValue', 'Algorithm is neither AES-256-CBC nor SM4-GCM');
  }
  if (fields.length !== 1 || fields[0] !== 'Mobile') {
    return refuse('InvalidParameter.UnsupportEncryptField', 'EncryptList is not Mobile alone, which is all that the action can encrypt');
  }
  // The older scheme: the key lies in the account's KMS, and faceid has to be allowed to ask for it.
  if (blob.includes('-k-') && draft.account !== undefined && !mayUseKms(draft.account.terms)) {
    return refuse('FailedOperation.StsUnAuthErrError', 'the blob is one of KMS, and the account did not let faceid use its keys');
  }
  return open({ algorithm, blob, iv, tags, fields: [mobile] }, sandboxKeys);
}
