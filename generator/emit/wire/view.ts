// The view of the wire header: types in dependency order, each with the assertions that pin its layout.
import type { Buffer, Model, NamedType, RecordPart, Type } from '../../model/model.js';
import { bannerLines } from '../banner.js';
import { commentLines } from '../c-text.js';
import { hasBufferType } from '../hooks.js';
import { bufferView } from './buffer-view.js';
import type { Constant } from './constant.js';
import { type Group, groups, identity } from './constants.js';
import { structView } from './struct-view.js';
import type { TypeView } from './type-view.js';
import { recordView, sharedView } from './variable-view.js';
import { bitsView, enumView, flagsView, handleView } from './word-views.js';

export type WireView = {
  readonly banner: readonly string[];
  readonly docs: readonly string[];
  readonly guard: string;
  /** Whether something in it needs dextgen_types.h. */
  readonly usesTypes: boolean;
  readonly identity: readonly Constant[];
  readonly groups: readonly Group[];
  readonly types: readonly TypeView[];
};

export function toWireView(model: Model): WireView {
  return {
    banner: bannerLines(model),
    docs: commentLines(model.doc),
    guard: `${model.name.toUpperCase()}_WIRE_H`,
    usesTypes: model.types.some(needsTypes) || model.buffers.some(holdsTypes),
    identity: identity(model),
    groups: groups(model),
    types: [
      ...model.handles.map((handle) => handleView(model, handle)),
      ...model.types.flatMap((type) => typeViews(model, type)),
      ...model.buffers.filter(hasBufferType).map((buffer) => bufferView(model, buffer)),
    ],
  };
}

function needsTypes(type: NamedType): boolean {
  if (type.kind === 'bits') return true;
  if (type.kind === 'struct')
    return type.fields.some((field) => field.byteOrder === 'big' || isWide(field.type));
  if (type.kind === 'union') return type.members.some((member) => isWide(member.type));
  if (type.kind === 'variant') return type.tag.byteOrder === 'big';
  return type.kind === 'record' && type.parts.some(isExotic);
}

/** Elements that C has no type for. */
function isExotic(part: RecordPart): boolean {
  if (part.kind !== 'array' || part.element.kind === 'record') return false;
  return part.byteOrder === 'big' || isWide(part.element);
}

const holdsTypes = ({ sections }: Buffer): boolean =>
  sections.some((section) => section.byteOrder === 'big' || isWide(section.type));

function isWide(type: Type): boolean {
  return type.kind === 'array' ? isWide(type.element) : type.kind === 'wide';
}

function typeViews(model: Model, type: NamedType): readonly TypeView[] {
  switch (type.kind) {
    case 'enum':
      return [enumView(model, type)];
    case 'flags':
      return [flagsView(model, type)];
    case 'bits':
      return [bitsView(model, type)];
    case 'struct':
      return [structView(model, type)];
    case 'union':
    case 'variant':
      return [sharedView(model, type)];
    case 'record':
      return [recordView(model, type)];
    default:
      return type satisfies never;
  }
}
