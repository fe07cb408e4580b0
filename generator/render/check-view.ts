// A view is plain data: text, finite numbers, booleans, null, arrays and plain objects of them.
// Anything else would print as nothing or as something odd, so it is refused with its place in the view.

export function checkView(template: string, view: object): void {
  const problem = findProblem(view, 'view');
  if (problem !== null) throw new Error(`templates/${template}.hbs: ${problem}`);
}

function findProblem(value: unknown, at: string): string | null {
  switch (typeof value) {
    case 'string':
    case 'boolean':
      return null;
    case 'number':
      return Number.isFinite(value) ? null : `${at} is ${value}`;
    case 'object':
      return value === null ? null : findProblemInside(value, at);
    default:
      return `${at} is ${value === undefined ? 'undefined' : `a ${typeof value}`}`;
  }
}

function findProblemInside(value: object, at: string): string | null {
  if (Array.isArray(value)) {
    for (const [index, item] of value.entries()) {
      const problem = findProblem(item, `${at}[${index}]`);
      if (problem !== null) return problem;
    }
    return null;
  }
  // A class instance's getters sit on its prototype, where Handlebars does not look.
  if (Object.getPrototypeOf(value) !== Object.prototype) return `${at} is not a plain object`;
  for (const [key, item] of Object.entries(value)) {
    const problem = findProblem(item, `${at}.${key}`);
    if (problem !== null) return problem;
  }
  return null;
}
