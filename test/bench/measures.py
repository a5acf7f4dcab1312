"""How long commands and restarts take. Each measurement brings its systems up, measures in rotation, and ends them."""
import contextlib
import os
import random
import signal
import time

from machine import Ends, rotate, time_command

# Beyond the shortest uptime of every system: two seconds of back-off limit, one of the others.
SETTLED_S = 2.6
# supervisord's startsecs and s6's pause between two starts.
STARTED_S = 1.5


@contextlib.contextmanager
def running(systems):
    """All systems up; down again in the end, whatever happens."""
    up = []
    try:
        for system in systems:
            system.up()
            up.append(system)
        yield
    finally:
        for system in up:
            with contextlib.suppress(OSError, RuntimeError):
                system.down()


def measure_status(make, rounds, results):
    """`status` while the program runs, and an empty script in Node beside it."""
    systems = [system for system in make('status') if system.status_argv]
    with running(systems):
        time.sleep(SETTLED_S)
        for turn in range(-2, rounds):
            for system in rotate(systems, turn + 2):
                taken = time_command(system.status_argv, system.env)
                if turn >= 0:
                    results.add('status', system, taken)


def measure_lives(make, rounds, results):
    """Start from nothing, then stop; a start that is over when a test says so is measured beside it."""
    systems = [system for system in make('lives') if system.stop_argv]
    tested = [other for other in (system.with_start_test() for system in systems) if other]
    for turn in range(rounds):
        order = rotate([*systems, *tested], turn)
        up = []
        try:
            for system in order:
                done, born = system.up()
                up.append(system)
                if system in tested:
                    results.add('start-tested', system, done)
                    continue
                results.add('start', system, done if system.starts_by_command else None)
                results.add('main', system, born)
            time.sleep(STARTED_S)
            for system in (each for each in order if each not in tested):
                program_gone, all_gone = time_stop(system)
                results.add('stop', system, program_gone)
                results.add('stop-all', system, all_gone)
        finally:
            for system in up:
                with contextlib.suppress(OSError, RuntimeError):
                    system.down()


def time_stop(system):
    """Milliseconds from the command until the program is gone, and until the manager is, if it leaves with it."""
    pids = [system.program_pid(), *(system.managers() if system.leaves_when_stopped else [])]
    ends = Ends(pids)
    begin = time.monotonic_ns()
    command = system.begin_stop()
    program, *managers = ends.wait()
    os.waitpid(command, 0)
    return (program - begin) / 1e6, (max(managers) - begin) / 1e6 if managers else None


def measure_respawn(make, rounds, results):
    """SIGKILL of a program that has run for longer than any back-off; a second time with a database to be guarded."""
    plain = [system for system in make('respawn') if system.stop_argv]
    guarded = {system: system.with_database() for system in plain}
    systems = [*plain, *filter(None, guarded.values())]
    with running(systems):
        for turn in range(rounds):
            for system in rotate(systems, turn):
                lives = system.lives()
                born, pid = lives[-1]
                time.sleep(max(0, born / 1e9 + SETTLED_S + random.random() * .4 - time.monotonic()))
                killed = time.monotonic_ns()
                os.kill(pid, signal.SIGKILL)
                born, _ = system.await_life(len(lives) + 1)
                taken = (born - killed) / 1e6
                if system in plain:
                    results.add('respawn', system, taken)
                # To the others a database is a file like any other.
                if not guarded.get(system):
                    results.add('respawn-guarded', system, taken)
