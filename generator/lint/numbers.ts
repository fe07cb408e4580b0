// Numbers that say too little about themselves: LINT002, LINT003, LINT012 and LINT010.
import type { Method, ScalarSlot } from '../model/model.js';
import { type Finding, type Rule, type Subject, spanAt } from './finding.js';

type Argument = {
  readonly slot: ScalarSlot;
  readonly method: Method;
  readonly direction: 'in' | 'out';
};

const isFloat = ({ type }: ScalarSlot): boolean =>
  type.kind === 'scalar' && (type.scalar === 'f32' || type.scalar === 'f64');

const isNumber = ({ type, rules }: ScalarSlot): boolean =>
  type.kind === 'scalar' && type.scalar !== 'bool' && rules?.boolean !== true;

/** A setter's argument is the property's, which has rules of its own. */
function argumentsOf({ model }: Subject): readonly Argument[] {
  const own = model.methods.filter(({ setterOf }) => setterOf === null);
  return own.flatMap((method) => [
    ...method.input.scalars.map((slot) => ({ slot, method, direction: 'in' as const })),
    ...method.output.scalars.map((slot) => ({ slot, method, direction: 'out' as const })),
  ]);
}

function unitFinding({ slot, method, direction }: Argument, { root }: Subject): Finding[] {
  if (slot.unit !== '' || slot.doc !== '') return [];
  return [
    {
      code: 'LINT002',
      at: spanAt(root, 'methods', method.name, direction, slot.name),
      message: `"${slot.name}" of "${method.name}" has neither a unit nor a doc`,
      hint: 'add "unit: Hz" (or whatever it is), or a doc that says what it counts.',
    },
  ];
}

/** Something else than a range says what it may be. */
const isRuled = ({ rules }: ScalarSlot): boolean =>
  rules !== null && (rules.const !== null || rules.mask !== null || rules.multipleOf !== null);

function rangeFinding({ slot, method, direction }: Argument, { root }: Subject): Finding[] {
  if (direction === 'out' || slot.range !== null || isRuled(slot)) return [];
  const at = spanAt(root, 'methods', method.name, direction, slot.name);
  if (isFloat(slot)) {
    return [
      {
        code: 'LINT012',
        at,
        message: `"${slot.name}" of "${method.name}" may be NaN or infinite: nothing refuses them without a range`,
        hint: 'add "min:" and "max:"; NaN is in no range.',
      },
    ];
  }
  return [
    {
      code: 'LINT003',
      at,
      message: `every value of "${slot.name}" reaches the code of "${method.name}"`,
      hint: 'add "min:" and "max:", so that the generated code refuses the others.',
    },
  ];
}

function propertyFindings({ model, root }: Subject): Finding[] {
  return model.properties
    .filter(
      ({ type, range, setter }) => type.scalar !== 'bool' && range === null && setter !== null,
    )
    .map(({ name, setter }) => ({
      code: 'LINT010',
      at: spanAt(root, 'properties', name),
      message: `the property "${name}" has no range, so ${setter} takes every value`,
      hint: 'add "min:" and "max:".',
    }));
}

export const checkNumbers: Rule = (subject) => {
  const numbers = argumentsOf(subject).filter(({ slot }) => isNumber(slot));
  return [
    ...numbers.flatMap((argument) => unitFinding(argument, subject)),
    ...numbers.flatMap((argument) => rangeFinding(argument, subject)),
    ...propertyFindings(subject),
  ];
};
