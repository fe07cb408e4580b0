// The view of the reference: chapters of sections, their bodies finished Markdown.
import type { Driver, Model, UserClient } from '../../model/model.js';
import { bannerLines } from '../banner.js';
import { plistText } from '../plist-text.js';
import { bufferSection, errorTable, eventSection, propertyTable } from './data-view.js';
import { feedSections } from './feed-view.js';
import { handleTable, roleTable, stateTable } from './guard-view.js';
import {
  blocks,
  code,
  markdownComment,
  markdownParagraphs,
  markdownText,
  type Section,
  table,
} from './markdown.js';
import { methodSection, methodTable } from './method-view.js';
import { typeSection } from './type-view.js';

export type DocsView = {
  readonly banner: readonly string[];
  readonly title: string;
  readonly body: string;
  readonly chapters: readonly Chapter[];
};

type Chapter = {
  readonly title: string;
  readonly hasIntro: boolean;
  readonly intro: string;
  readonly sections: readonly Section[];
};

export function toDocsView(model: Model): DocsView {
  const structs = new Map(
    model.types.flatMap((type) => (type.kind === 'struct' ? [[type.name, type]] : [])),
  );
  const chapters = [
    chapter('Methods', methodIntro(model), model.methods.map(methodSection)),
    chapter('Events', '', eventSections(model)),
    chapter('Buffers', '', model.buffers.map(bufferSection)),
    chapter('Properties', propertyTable(model.properties), []),
    chapter('Errors', errorTable(model.errors), []),
    chapter('States', stateTable(model.states), []),
    chapter('Roles', roleTable(model.roles), []),
    chapter('Handles', handleTable(model.handles), []),
    chapter('Constants', constantTable(model), []),
    chapter(
      'Types',
      '',
      model.types.map((type) => typeSection(type, structs)),
    ),
  ];
  return {
    banner: bannerLines(model).map(markdownComment),
    title: `${markdownText(model.name)} ${model.version.major}.${model.version.minor}`,
    body: blocks(markdownParagraphs(model.doc), factTable(model)),
    chapters: chapters.filter(({ intro, sections }) => intro !== '' || sections.length > 0),
  };
}

/** By id, however they are delivered. */
function eventSections(model: Model): readonly Section[] {
  const own = model.events.map((event) => ({ id: event.id, section: eventSection(event) }));
  return [...own, ...feedSections(model)].sort((a, b) => a.id - b.id).map(({ section }) => section);
}

function chapter(title: string, intro: string, sections: readonly Section[]): Chapter {
  return { title, hasIntro: intro !== '', intro, sections };
}

function methodIntro(model: Model): string {
  const main = model.userClients[0]?.name;
  const ranges = model.retired.map(({ first, last, client }) => {
    const range = first === last ? `${first}` : `${first}…${last}`;
    return client === main ? range : `${range} of ${code(client)}`;
  });
  const retired =
    ranges.length > 0 ? `Retired selectors, never used again: ${ranges.join(', ')}` : '';
  return blocks(methodTable(model.methods), retired);
}

function constantTable({ constants }: Model): string {
  const rows = constants.map(({ name, value, kind, doc }) => [
    code(name),
    kind === 'text' ? code(JSON.stringify(value)) : String(value),
    markdownText(doc),
  ]);
  return table(['name', 'value', ''], rows);
}

function factTable(model: Model): string {
  const { contract, contractHash } = model;
  const base = contract === null ? '' : code(`0x${contract.base.toString(16).toUpperCase()}`);
  return table(
    ['', ' '],
    [
      ...model.drivers.flatMap(driverRows),
      ...model.userClients.map((client) => ['user client', clientText(client)]),
      ['bundle', code(model.bundle.identifier)],
      ['contract selectors', contract === null ? 'none' : `from ${base}`],
      ['contract hash', code(`${contractHash.high}${contractHash.low}`)],
    ],
  );
}

function driverRows({ className, personalities }: Driver): string[][] {
  return personalities.flatMap(({ provider, match }) => [
    ['driver', `${code(className)} on ${code(provider)}`],
    [
      'matches',
      match.map(({ key, value }) => code(`${key} = ${plistText(value, integerText)}`)).join(', '),
    ],
  ]);
}

function clientText({ className, type }: UserClient): string {
  return type === null ? code(className) : `${code(className)}, opened with type ${type}`;
}

/** USB and PCI numbers are looked up in hexadecimal. */
const integerText = (value: number | string): string =>
  typeof value === 'number' && value > 9 ? `0x${value.toString(16).toUpperCase()}` : String(value);
