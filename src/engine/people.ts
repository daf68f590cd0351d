import type { Faker } from '@faker-js/faker';
import { checkCharacter } from '../domain/id-card.ts';
import { randomFor } from '../domain/random.ts';
import type { Person } from '../domain/subscriber.ts';

/** One district that exists in each province-level division (GB/T 2260), so that an ID number passes validators with a table. */
const districts = [
  '110101', '120101', '130102', '140105', '150102', '210102', '220102', '230102', '310101', '320102', '330102',
  '340102', '350102', '360102', '370102', '410102', '420102', '430102', '440103', '450102', '460105', '500101',
  '510104', '520102', '530102', '540102', '610102', '620102', '630102', '640104', '650102',
] as const;

/** Adults in every year that this is likely to run in; fixed, so that the same seed gives the same person tomorrow. */
const bornFrom = Date.UTC(1950, 0, 1);
const bornUntil = Date.UTC(2000, 0, 1);

let faker: Faker | undefined;

/** Whether `personFor` can be called. */
export const peopleLoaded = (): boolean => faker !== undefined;

/** Loads faker's Chinese names, which most scenarios never need: 10 to 20 ms that the first answer does not pay. */
export async function loadPeople(): Promise<void> {
  faker ??= (await import('@faker-js/faker/locale/zh_CN')).faker;
}

/** The person a seed gives to a number: an invented name, and an ID number that is valid by GB 11643-1999 and nobody's on purpose. */
export function personFor(seed: number, number: string): Person {
  if (faker === undefined) throw new Error('Failed to invent a person: the names are not loaded. Await loadPeople() first.');
  const random = randomFor(seed, 'person', number);
  faker.seed(random.next());
  const name = faker.person.lastName() + faker.person.firstName();
  const born = new Date(bornFrom + Math.floor((random.next() / 4294967296) * (bornUntil - bornFrom)));
  const date = born.toISOString().slice(0, 10).replaceAll('-', '');
  const sequence = faker.number.int({ min: 1, max: 999 }).toString().padStart(3, '0');
  const digits = `${districts[random.below(districts.length)]}${date}${sequence}`;
  return { name, idCard: digits + checkCharacter(digits) };
}
