"""A system under test: one supervisor that runs one program. The subclasses are in zodb.py and peers.py."""
import os
import shutil
import time

from machine import HERE, NODE, descendants, quietly, spawn, time_command


class System:
    """Subclasses write their files in `prepare` and set the command lines."""

    name = ''
    # Its `start` begins with nothing running and returns when the program was started.
    starts_by_command = True
    # Without a program the manager leaves, so `stop` is done when both are gone.
    leaves_when_stopped = False
    environment = {}
    status_argv = start_argv = stop_argv = ()
    # Socket, hello, request and end of reply, for tools/roundtrips.
    dialogue = None
    # Enough for half a second or more with a hundred clients.
    crowd_requests = 1000

    def __init__(self, folder, tools):
        self.folder = folder
        self.tools = tools
        self.stamps = f'{folder}/stamps'
        self.program = [f'{tools}/program', self.stamps]
        os.makedirs(folder)
        self.env = dict(os.environ, **self.environment)
        self.prepare()

    @classmethod
    def absence(cls):
        """Why it cannot take part on this machine, or None."""
        return None

    def prepare(self):
        """Writes its configuration and sets its command lines."""

    def managers(self):
        """The pids of its own processes at the top."""
        raise NotImplementedError

    def launch(self):
        """Brings it up from nothing; returns when its command does."""
        time_command(self.start_argv, self.env)

    def down(self):
        """Ends it with all that belongs to it."""
        raise NotImplementedError

    def with_database(self):
        """A second one, whose program has a database; None for a system that does not look at databases."""
        return None

    def with_start_test(self):
        """A second one, whose start is over when a test has been passed; None for a system that is not asked."""
        return None

    def write(self, name, text, mode=0o644):
        """A file in its folder; returns the path."""
        path = f'{self.folder}/{name}'
        os.makedirs(os.path.dirname(path), exist_ok=True)
        with open(path, 'w') as file:
            file.write(text)
        os.chmod(path, mode)
        return path

    def lives(self):
        """Begin in ns and pid of every life of the program so far."""
        try:
            with open(self.stamps) as file:
                return [tuple(map(int, line.split())) for line in file if line.endswith('\n')]
        except FileNotFoundError:
            return []

    def await_life(self, count):
        """Waits for the program's life number `count`; returns its begin and pid."""
        limit = time.monotonic() + 20
        while time.monotonic() < limit:
            lives = self.lives()
            if len(lives) >= count:
                return lives[count - 1]
            time.sleep(.002)
        raise RuntimeError(f'{self.name}: the program did not start within 20 s')

    def up(self):
        """Brings it up from nothing; returns ms until its command was done and until the program was in main()."""
        count = len(self.lives())
        begin = time.monotonic_ns()
        self.launch()
        done = time.monotonic_ns()
        born, _ = self.await_life(count + 1)
        return (done - begin) / 1e6, (born - begin) / 1e6

    def begin_stop(self):
        """Starts the stop command; returns its pid."""
        return spawn(self.stop_argv, self.env)

    def program_pid(self):
        """The pid of the program's present life."""
        return self.lives()[-1][1]

    def own_pids(self):
        """The managers and their helpers, without the program."""
        pids = []
        for pid in self.managers():
            pids += [pid, *descendants(pid)]
        return [pid for pid in pids if pid != self.program_pid()]


class BareNode(System):
    """Not a supervisor: an empty script as the least that a command in Node can cost, and an idle Node process."""

    name = 'node'
    starts_by_command = False

    @classmethod
    def absence(cls):
        return None if NODE else 'no node on PATH'

    def prepare(self):
        self.status_argv = [NODE, self.write('empty.cjs', '')]
        self.idle = self.write('idle.cjs', 'setInterval(() => {}, 2 ** 30);\n')
        self.pid = 0

    def up(self):
        self.pid = spawn([NODE, self.idle], self.env)
        return None, None

    def managers(self):
        return [self.pid]

    def own_pids(self):
        return [self.pid]

    def down(self):
        os.kill(self.pid, 9)
        os.waitpid(self.pid, 0)


class BareSupervisor(System):
    """The floor for starts and restarts: a supervisor in Node of thirty lines, which looks at nothing."""

    name = 'bare'
    leaves_when_stopped = True

    @classmethod
    def absence(cls):
        return BareNode.absence()

    def prepare(self):
        script = f'{HERE}/tools/bare.cjs'
        self.start_argv, self.stop_argv = (
            [NODE, script, verb, f'{self.folder}/socket', *self.program] for verb in ('start', 'stop')
        )

    def managers(self):
        with open(f'/proc/{self.program_pid()}/stat') as file:
            return [int(file.read().rpartition(')')[2].split()[1])]

    def down(self):
        quietly(self.stop_argv, self.env)


def missing(*commands):
    """Says which of the commands are not on PATH, or None."""
    absent = [command for command in commands if not shutil.which(command)]
    return f'{" and ".join(absent)} not on PATH' if absent else None
