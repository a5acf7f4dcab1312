"""Measures zeoctl side by side with other supervisors and prints one table. See README.md beside this file."""
import argparse
import os
import shutil
import sys
import tempfile
import time

sys.dont_write_bytecode = True

from figures import Results
from folders import S6, Runit
from idle import measure_idle
from machine import build_tools, say
from measures import measure_lives, measure_respawn, measure_status
from peers import Pm2, Supervisord
from system import BareNode, BareSupervisor
from traffic import measure_burst, measure_socket
from zodb import Zdaemon, Zeoctl

SYSTEMS = [Zeoctl, BareNode, BareSupervisor, Zdaemon, Supervisord, Pm2, Runit, S6]

MEASURES = {
    'status': measure_status,
    'lives': measure_lives,
    'respawn': measure_respawn,
    'socket': measure_socket,
    'idle': measure_idle,
    'burst': measure_burst,
}


def main():
    """The command line."""
    options = parse_options()
    if options.install:
        Pm2.install()
    present = [each for each in SYSTEMS if each.name in options.systems and is_present(each)]
    folder = tempfile.mkdtemp(prefix='zb-')
    results = Results()

    def make(measure):
        """New systems, with files of their own."""
        return [each(f'{folder}/{measure}-{each.name}', folder) for each in present]

    try:
        build_tools(folder)
        run(options.only, make, options.rounds, results)
    finally:
        shutil.rmtree(folder, ignore_errors=True)
    print(results.table([each.name for each in present]))


def run(names, make, rounds, results):
    """Runs the named measurements; one that fails is reported and ends alone."""
    for name in names:
        begin = time.monotonic()
        try:
            MEASURES[name](make, rounds, results)
        except (OSError, RuntimeError) as error:
            say(f'{name}: abandoned: {error}')
        say(f'{name}: {time.monotonic() - begin:.0f} s')


def is_present(system):
    """Says so when it is not."""
    reason = system.absence()
    if reason:
        say(f'skipped {system.name}: {reason}')
    return not reason


def parse_options():
    """Every list has all as its default."""
    parser = argparse.ArgumentParser(description=__doc__)
    names = [each.name for each in SYSTEMS]
    parser.add_argument('--rounds', type=int, default=20, help='samples of each figure (20)')
    parser.add_argument('--quick', action='store_const', dest='rounds', const=5, help='5 rounds')
    parser.add_argument('--only', nargs='+', choices=MEASURES, default=list(MEASURES), help='measurements')
    parser.add_argument('--systems', nargs='+', choices=names, default=names)
    parser.add_argument('--install', action='store_true', help='install pm2 into .artifacts/bench first')
    return parser.parse_args()


if __name__ == '__main__':
    os.umask(0o022)
    main()
