// What a driver declares for its buffers: memory to ask for, to forget, and to supply.
import type { Buffer, Model } from '../../model/model.js';
import { commentLines } from '../c-text.js';
import { declare, keyParameters, mapParameters, memberNames, supplyParameters } from '../hooks.js';
import type { ClientSide } from '../sides.js';
import type { Member } from './member.js';

const INDENT = 4;

/** Memory that generated code allocates can be asked for; memory of the driver can be forgotten. */
export function memoryMember(model: Model, buffer: Buffer): Member {
  if (buffer.source.kind === 'generated')
    return {
      docs: ['The memory of the buffer, made at the first request; it lives as long as its owner.'],
      lines: declare(
        `kern_return_t ${memberNames.map(buffer)}`,
        mapParameters(model, buffer),
        ' LOCALONLY;',
        INDENT,
      ),
    };
  return {
    docs: [
      'The next app that maps it gets new memory; what is mapped stays so until its connection ends.',
    ],
    lines: declare(
      `void ${memberNames.drop(buffer)}`,
      keyParameters(model, buffer),
      ' LOCALONLY;',
      INDENT,
    ),
  };
}

export function supplyHooks(model: Model, { buffers }: ClientSide): Member[] {
  return buffers
    .filter(({ source }) => source.kind === 'driver')
    .map((buffer) => ({
      docs: [
        ...commentLines(buffer.doc),
        `Memory of ${sizeText(buffer)} bytes for an app to map, with a reference that is given away; asked for once.`,
      ],
      lines: declare(
        `kern_return_t ${memberNames.supply(buffer)}`,
        supplyParameters(model, buffer),
        ' LOCALONLY;',
        INDENT,
      ),
    }));
}

const sizeText = ({ sizing, size }: Buffer): string =>
  sizing.kind === 'exact'
    ? `exactly ${size}`
    : sizing.kind === 'part'
      ? `\`${sizing.part}\` times ${sizing.unit}`
      : `at most ${size}`;
