import { open } from '../../sealed/envelope.ts';
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
  const mobile = draft.business['Mobile'] as string;
  const encryption = encryptionOf(draft.business);
  if (encryption === undefined) return mobile;
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
  const opened = open({ algorithm, blob, iv, tags, fields: [mobile] }, sandboxKeys);
  return opened.kind === 'opened' ? (opened.texts[0] ?? '') : refuse('FailedOperation.DecryptSystemError', `decryption fails at ${opened.step}: ${opened.why}`);
}
