import type { Carrier } from '../domain/subscriber.ts';

/** What the public number plan says of a prefix. */
export interface Plan {
  /** The network that the prefix was given to; a ported number keeps its prefix, so not always the one that serves it. */
  readonly carrier: Carrier;
  /** Whether the prefix is one that virtual operators resell. */
  readonly virtual: boolean;
}

/**
 * The number plan's word on `number`, `undefined` where that is no possible mobile number: not exactly eleven ASCII
 * digits, or of a prefix that is given to nobody.
 */
export function planFor(number: string): Plan | undefined {
  if (number.length !== 11) return undefined;
  let head = 0;
  for (let i = 0; i < 11; i += 1) {
    const digit = number.charCodeAt(i) - 48;
    if (digit < 0 || digit > 9) return undefined;
    if (i < 5) head = head * 10 + digit;
  }
  return plans[planByHead[head] ?? 0];
}

interface Allocation {
  readonly holder: Carrier | '中国星网' | '其他单位';
  readonly use: 'network' | 'resale' | 'satellite';
  readonly prefixes: readonly string[];
}

// MIIT's announcement of the mobile network codes and H0 in use, state of March 2023 (copy on zh.wikisource).
// 140, 141 and 144 are missing because their numbers have 13 digits. 145 to 149 began as data and IoT codes and stay,
// since the plan gives them to 11-digit numbers.
const allocations: readonly Allocation[] = [
  {
    holder: '中国移动',
    use: 'network',
    prefixes: [
      '1340', '1341', '1342', '1343', '1344', '1345', '1346', '1347', '1348', '135', '136', '137', '138', '139',
      '147', '148', '150', '151', '152', '157', '158', '159', '172', '178', '182', '183', '184', '187', '188',
      '195', '197', '198',
    ],
  },
  {
    holder: '中国联通',
    use: 'network',
    prefixes: ['130', '131', '132', '145', '146', '155', '156', '166', '175', '176', '185', '186', '196'],
  },
  {
    holder: '中国电信',
    use: 'network',
    prefixes: ['133', '149', '153', '173', '177', '180', '181', '189', '190', '191', '193', '199'],
  },
  { holder: '中国广电', use: 'network', prefixes: ['192'] },

  { holder: '中国移动', use: 'resale', prefixes: ['165', '1703', '1705', '1706'] },
  { holder: '中国联通', use: 'resale', prefixes: ['167', '1704', '1707', '1708', '1709', '171'] },
  { holder: '中国电信', use: 'resale', prefixes: ['162', '1700', '1701', '1702'] },

  {
    holder: '中国电信',
    use: 'satellite',
    prefixes: ['13492', '13493', '13499', '17400', '17401', '17402', '17403', '17404', '17405'],
  },
  { holder: '中国星网', use: 'satellite', prefixes: ['1619'] },
  {
    holder: '其他单位',
    use: 'satellite',
    prefixes: ['17406', '17407', '17408', '17409', '17410', '17411', '17412', '1749'],
  },
];

/** By the place of their allocation, behind the `undefined` of unassigned prefixes. */
const plans: readonly (Plan | undefined)[] = [
  undefined,
  ...allocations.map(({ holder, use }) => ({ carrier: carrierOf(holder), virtual: use === 'resale' })),
];

/** For each five leading digits, the longest prefix there is, the place in `plans`. */
const planByHead = new Uint8Array(100_000);
for (const [index, { prefixes }] of allocations.entries()) {
  for (const prefix of prefixes) {
    const width = 10 ** (5 - prefix.length);
    planByHead.fill(index + 1, Number(prefix) * width, (Number(prefix) + 1) * width);
  }
}

/**
 * The network that a provider can name for a holder. Providers know the four networks only, and among these China
 * Telecom alone holds satellite ranges; Google's libphonenumber, too, puts all of 174 under China Telecom. For 1619
 * there is no source: assumed alike. `virtual` would be wrong, as nobody resells a network there.
 */
function carrierOf(holder: Allocation['holder']): Carrier {
  return holder === '中国星网' || holder === '其他单位' ? '中国电信' : holder;
}
