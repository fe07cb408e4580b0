// What an operating system has of its own stays in one file per need (simulator/ipc/os.h), so that another system takes
// another few files and nothing else.
import { readdirSync, readFileSync } from 'node:fs';
import { basename } from 'node:path';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';

const portable = suite('portable sources');

/** Linux has these and macOS has not, or not so. */
const LINUX_ONLY = [
  ...['memfd_create', 'epoll_\\w+', 'SO_PEERCRED', 'prctl', 'signalfd', 'eventfd', 'timerfd_\\w+'],
  ...['pthread_setname_np', 'accept4', 'pipe2', 'dup3', 'SOCK_CLOEXEC', 'SOCK_NONBLOCK'],
  ...['MSG_NOSIGNAL', 'MSG_CMSG_CLOEXEC', 'getrandom', 'gettid', 'syscall', 'mremap', 'futex'],
  ...['inotify_\\w+', 'process_vm_\\w+', 'fallocate', 'clock_nanosleep', 'program_invocation_\\w+'],
  ...['F_ADD_SEALS', 'malloc_trim', 'execvpe', 'secure_getenv', 'sem_timedwait', '__linux__'],
];
const FOUND = new RegExp(
  `\\b(?:${LINUX_ONLY.join('|')})\\b|<(?:linux|sys/(?:epoll|prctl|eventfd|timerfd))[./]|"/proc/`,
);

function sources(folder: string): string[] {
  return readdirSync(folder, { recursive: true, encoding: 'utf8' })
    .filter((path) => /\.(?:cpp|h|iig)$/.test(path) && !path.startsWith('build'))
    .map((path) => `${folder}/${path}`);
}

const isOfTheSystem = (path: string): boolean =>
  path.startsWith('simulator/ipc/') && basename(path).startsWith('os_');

portable('nothing but os_*.cpp knows on which system it runs', () => {
  const all = [...sources('simulator'), ...sources('runtime'), ...sources('dext')];
  assert.ok(all.length > 200, `${all.length} sources`);
  const others = all
    .filter((path) => !isOfTheSystem(path))
    .flatMap((path) =>
      readFileSync(path, 'utf8')
        .split('\n')
        .flatMap((line, at) => (FOUND.test(line) ? [`${path}:${at + 1}: ${line.trim()}`] : [])),
    );
  assert.equal(others, []);
});

portable('each of them that differs has both sides', () => {
  const systems = sources('simulator/ipc').filter(isOfTheSystem);
  assert.ok(systems.length >= 5, `${systems}`);
  for (const path of systems) {
    const text = readFileSync(path, 'utf8');
    const differs = FOUND.test(text);
    assert.is(differs, /#ifdef __(?:linux|APPLE)__/.test(text), path);
    if (differs) assert.match(text, '#else');
  }
});

portable.run();
