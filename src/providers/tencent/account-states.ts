/** What may be the matter with an account, and the error code that every call gets for it. */
export const accountStates = {
  'not-a-cloud-api-key': 'AuthFailure.InvalidSecretId',
  'mfa-required': 'AuthFailure.MFAFailure',
  'not-permitted': 'AuthFailure.UnauthorizedOperation',
  'not-activated': 'UnauthorizedOperation.Nonactivated',
  'not-verified': 'UnauthorizedOperation.NonAuthorize',
  arrears: 'UnauthorizedOperation.Arrears',
  'charge-status-exception': 'UnauthorizedOperation.ChargeStatusException',
  'sts-unauthorized': 'FailedOperation.StsUnAuthErrError',
} as const;

/** Where the gateway, its permission check and the faceid backend come across a state. */
export const statesOfKey: ReadonlySet<string> = new Set(['AuthFailure.InvalidSecretId', 'AuthFailure.MFAFailure']);
export const statesOfPermission: ReadonlySet<string> = new Set(['AuthFailure.UnauthorizedOperation']);
export const statesOfBackend: ReadonlySet<string> = new Set([
  'UnauthorizedOperation.Nonactivated',
  'UnauthorizedOperation.NonAuthorize',
  'UnauthorizedOperation.Arrears',
  'UnauthorizedOperation.ChargeStatusException',
  'FailedOperation.StsUnAuthErrError',
]);
