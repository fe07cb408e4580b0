// A view is plain data: text, finite numbers, booleans, null, arrays and plain objects of them.
// Anything else would print as nothing or as something odd, so it is refused with its place in the view.

export function checkView(template: string, view: object): void {
  const problem = findProblem(view);
  if (problem !== null) throw new Error(`templates/${template}.hbs: view${problem}`);
}

/** Its place and what is wrong there, as `.rows[2].name is undefined`. */
function findProblem(value: unknown): string | null {
  switch (typeof value) {
    case 'string':
    case 'boolean':
      return null;
    case 'number':
      return Number.isFinite(value) ? null : ` is ${value}`;
    case 'object':
      return value === null ? null : findProblemInside(value);
    default:
      return ` is ${value === undefined ? 'undefined' : `a ${typeof value}`}`;
  }
}

function findProblemInside(value: object): string | null {
  if (Array.isArray(value)) {
    for (let index = 0; index < value.length; index++) {
      const problem = findProblem(value[index]);
      if (problem !== null) return `[${index}]${problem}`;
    }
    return null;
  }
  // A class instance's getters sit on its prototype, where Handlebars does not look.
  if (Object.getPrototypeOf(value) !== Object.prototype) return ' is not a plain object';
  for (const key of Object.keys(value)) {
    const problem = findProblem((value as Readonly<Record<string, unknown>>)[key]);
    if (problem !== null) return `.${key}${problem}`;
  }
  return null;
}
