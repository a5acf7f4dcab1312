"""A program that floods its output, under a system or on a plain file."""
import contextlib
import glob
import os
import shutil
import signal
import subprocess
import time
from dataclasses import dataclass

from machine import descendants

TICKS = os.sysconf('SC_CLK_TCK')


@dataclass(frozen=True)
class Flood:
    """What one flood took, in seconds and MB."""

    # Until all was in the log; with limits on what is kept, until the program was done.
    seconds: float
    # The program's own writing.
    writing: float
    # Processor time of the manager, and of the processes that it started.
    processor: float
    helpers: float
    peak: float

    def __str__(self):
        share = 100 * self.processor / self.seconds
        return (
            f'{self.seconds:8.3f} s  program {self.writing:8.3f} s  processor {self.processor:7.3f} s ({share:5.2f} %)'
            f'  helpers {self.helpers:6.3f} s  peak {self.peak:4.0f} MB'
        )


@contextlib.contextmanager
def waiting(system, folder, flood):
    """The system with a program that waits for its signal: the program, its manager, and the file that tells of the end."""
    os.makedirs(folder)
    stamp = f'{folder}/stamp'
    system.up(folder, [*flood, stamp])
    try:
        program = await_program(stamp)
        time.sleep(1.5)
        yield program, system.manager(program), stamp
    finally:
        system.down()
        shutil.rmtree(folder, ignore_errors=True)


def measure_flood(system, folder, flood, limit=300):
    """One flood; `flood` is the command without its last word, the stamp."""
    size = int(flood[1])
    with waiting(system, folder, flood) as (program, manager, stamp):
        own, helpers = processor(manager, program)
        begin = time.monotonic()
        os.kill(program, signal.SIGUSR1)
        while not (os.path.exists(stamp) if not system.keeps_all else written(system.logs) >= size):
            if time.monotonic() - begin > limit:
                raise OSError(f'{written(system.logs)} bytes after {limit} s')
            time.sleep(.005)
        seconds = time.monotonic() - begin
        own_after, helpers_after = processor(manager, program)
        await_file(stamp)
        return Flood(seconds, writing_time(stamp), own_after - own, helpers_after - helpers, peak(manager))


def measure_bare(folder, flood):
    """Seconds of the program on a file, with nobody in between."""
    os.makedirs(folder)
    stamp = f'{folder}/stamp'
    with open(f'{folder}/out.log', 'ab') as log:
        child = subprocess.Popen([*flood, stamp], stdout=log)
    try:
        await_program(stamp)
        time.sleep(.2)
        child.send_signal(signal.SIGUSR1)
        await_file(stamp)
        return writing_time(stamp)
    finally:
        child.kill()
        child.wait()
        shutil.rmtree(folder)


def await_program(stamp):
    """Its pid, when it is ready."""
    await_file(f'{stamp}.pid')
    with open(f'{stamp}.pid') as file:
        return int(file.read())


def await_file(name, seconds=300):
    """A file that is there and not empty."""
    end = time.monotonic() + seconds
    while not (os.path.exists(name) and os.path.getsize(name)):
        if time.monotonic() > end:
            raise OSError(f'no {name}')
        time.sleep(.005)


def writing_time(stamp):
    with open(stamp) as file:
        first, last = map(int, file.read().split())
    return (last - first) / 1e9


def written(logs):
    """Bytes in all files of a log, of which a rotation may take one away meanwhile."""
    total = 0
    for name in glob.glob(logs):
        with contextlib.suppress(FileNotFoundError):
            total += os.stat(name).st_size
    return total


def processor(pid, program):
    """Seconds of a process, and of all that it started except the program: what runs, and what it has reaped."""
    below = [each for each in descendants(pid) if each != program]
    return scheduled(pid), reaped(pid) + sum(scheduled(each) + reaped(each) for each in below)


def scheduled(pid):
    """Seconds that the threads of a process ran, to the nanosecond."""
    total = 0
    for name in glob.glob(f'/proc/{pid}/task/*/schedstat'):
        with contextlib.suppress(FileNotFoundError, ProcessLookupError), open(name) as file:
            total += int(file.read().split()[0])
    return total / 1e9


def reaped(pid):
    """Seconds of the children that a process has waited for, in ticks of the system."""
    try:
        with open(f'/proc/{pid}/stat') as file:
            fields = file.read().rsplit(')', 1)[1].split()
    except (FileNotFoundError, ProcessLookupError):
        return 0
    return sum(map(int, fields[13:15])) / TICKS


def peak(pid):
    """The most resident memory so far, in MB."""
    with open(f'/proc/{pid}/status') as file:
        return next(int(line.split()[1]) for line in file if line.startswith('VmHWM')) / 1024
