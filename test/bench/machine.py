"""What the measurements need of the machine: tools, timed commands, ends of processes, memory, wake-ups."""
import os
import select
import shutil
import subprocess
import sys
import time

HERE = os.path.dirname(os.path.abspath(__file__))
PROJECT = os.path.dirname(os.path.dirname(HERE))
NODE = os.environ.get('NODE') or shutil.which('node')
USERS_ENVIRONMENT = dict(os.environ)
# Node 20 parses these certificates at every start: 30 ms that belong to no product.
os.environ.pop('NODE_EXTRA_CA_CERTS', None)


def build_tools(folder):
    """Compiles tools/*.c into the folder."""
    sources = os.path.join(HERE, 'tools')
    for name in filter(lambda each: each.endswith('.c'), os.listdir(sources)):
        tool = os.path.join(folder, name[:-len('.c')])
        subprocess.run(['cc', '-O2', '-o', tool, os.path.join(sources, name)], check=True)


def say(text):
    """Progress, beside the table on stdout."""
    print(text, file=sys.stderr, flush=True)


def rotate(items, turn):
    """The items, each turn beginning with another one."""
    first = turn % len(items) if items else 0
    return items[first:] + items[:first]


def spawn(argv, env=None):
    """Starts a command with its output thrown away; returns its pid."""
    quiet = os.open(os.devnull, os.O_RDWR)
    try:
        actions = [(os.POSIX_SPAWN_DUP2, quiet, target) for target in (0, 1, 2)]
        return os.posix_spawnp(argv[0], argv, env or os.environ, file_actions=actions)
    finally:
        os.close(quiet)


def time_command(argv, env=None):
    """Runs a command; returns its wall time in ms."""
    begin = time.monotonic_ns()
    _, status = os.waitpid(spawn(argv, env), 0)
    end = time.monotonic_ns()
    if status:
        raise RuntimeError(f'{argv} failed with status {os.waitstatus_to_exitcode(status)}')
    return (end - begin) / 1e6


def quietly(argv, env=None):
    """Runs a command, whatever it says."""
    os.waitpid(spawn(argv, env), 0)


class Ends:
    """Notices the ends of processes without polling. Open it before the thing that ends them is started."""

    def __init__(self, pids):
        self.descriptors = [os.pidfd_open(pid) for pid in pids]

    def wait(self, seconds=20):
        """Returns the times, in ns of CLOCK_MONOTONIC, when each of them was gone."""
        poll, gone = select.poll(), {}
        for descriptor in self.descriptors:
            poll.register(descriptor, select.POLLIN)
        try:
            while len(gone) < len(self.descriptors):
                ended = poll.poll(seconds * 1000)
                now = time.monotonic_ns()
                if not ended:
                    raise RuntimeError(f'a process is not gone after {seconds} s')
                for descriptor, _ in ended:
                    poll.unregister(descriptor)
                    gone[descriptor] = now
            return [gone[descriptor] for descriptor in self.descriptors]
        finally:
            for descriptor in self.descriptors:
                os.close(descriptor)


def descendants(pid):
    """The pids of all processes below one."""
    below = []
    try:
        for task in os.listdir(f'/proc/{pid}/task'):
            with open(f'/proc/{pid}/task/{task}/children') as file:
                for child in map(int, file.read().split()):
                    below += [child, *descendants(child)]
    except (FileNotFoundError, ProcessLookupError):
        pass
    return below


def memory(pid):
    """Resident and private dirty memory in MB."""
    fields = {}
    with open(f'/proc/{pid}/smaps_rollup') as file:
        for line in file:
            name, *rest = line.split()
            if rest and rest[-1] == 'kB':
                fields[name.rstrip(':')] = int(rest[0]) / 1024
    return fields['Rss'], fields['Private_Dirty']


def activity(pid):
    """How often its threads went to sleep of their own accord, and the ns of CPU they took."""
    wakeups = cpu = 0
    for task in os.listdir(f'/proc/{pid}/task'):
        with open(f'/proc/{pid}/task/{task}/status') as file:
            wakeups += sum(int(line.split()[1]) for line in file if line.startswith('voluntary_'))
        with open(f'/proc/{pid}/task/{task}/schedstat') as file:
            cpu += int(file.read().split()[0])
    return wakeups, cpu
