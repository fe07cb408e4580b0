// What the driver's class has for handles: looking one up, making one, forgetting one.
import type { Model } from '../../model/model.js';
import {
  declare,
  findParameters,
  makeParameters,
  memberNames,
  objectParameters,
} from '../hooks.js';
import type { Parameter } from '../struct-parameters.js';
import type { Usage } from '../usage.js';
import type { Member } from './member.js';

const INDENT = 4;

export function handleMembers(model: Model, { handles }: Usage): Member[] {
  const member = (head: string, parameters: readonly Parameter[], docs: string): Member => ({
    docs: [docs],
    lines: declare(head, parameters, ' LOCALONLY;', INDENT),
  });
  return handles.flatMap((handle) => [
    member(
      `void ${memberNames.forget(handle)}`,
      objectParameters,
      'The object is no more, though nobody closed its handle: from now on that names nothing.',
    ),
    member(
      `bool ${memberNames.find(handle)}`,
      findParameters(model, handle),
      'The object that a handle of the client names, such as one inside a struct; false when it names nothing.',
    ),
    member(
      `kern_return_t ${memberNames.make(handle)}`,
      makeParameters(model, handle),
      "The handle of the client's for an object, made when it has none yet; undone when the call in which it is made fails.",
    ),
  ]);
}
