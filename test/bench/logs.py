"""Logs side by side: a program floods its standard output with 100-byte lines under each supervisor.

    python3 test/bench/logs.py [--rounds 3] [--folder /dev/shm] [--only blocks long] [--systems pump supervisord]

blocks   1 GB in writes of 64 KiB: seconds until all is in the log, the program's own time of writing, processor time
         of the supervisor and of its helpers while that lasts, and the most memory it had
lines    a tenth of it, one line a write
long     8 GB in writes of 64 KiB on default limits: the price of direct mode while it rotates
latency  the control socket while a flood goes on
tail     `zeoctl logtail` of the last ten lines of a file of 5 GB

`file` is the program on a file, with nobody in between. At the end stands what is promised, and whether it is kept.
"""
import argparse
import os
import shutil
import subprocess
import sys
import tempfile

sys.dont_write_bytecode = True

from log_flood import measure_bare, measure_flood
from log_latency import measure_latency
from log_promises import promises
from log_systems import PM2, Pm2, Supervisord, Zeoctl, ZeoctlKept, ZeoctlPump
from log_tail import measure_tail
from machine import build_tools, rotate

KINDS = ('blocks', 'lines', 'long', 'latency', 'tail')


def main():
    """The command line."""
    options = parse_options()
    base = tempfile.mkdtemp(prefix='zeoctl-logs-', dir=options.folder)
    results = {}
    try:
        build_tools(base)
        for kind in options.only:
            print(f'-- {kind}', flush=True)
            measure(kind, base, options, results.setdefault(kind, {}))
    finally:
        shutil.rmtree(base, ignore_errors=True)
    print(f'\n{promises(results)}')


def measure(kind, base, options, results):
    """One kind of measurement, all its rounds."""
    flood = f'{base}/flood'
    systems = [each for each in options.present if any(word in each.name for word in options.systems)]
    if kind == 'tail':
        results['logtail'], results['node'] = measure_tail(f'{base}/tail', 20)
    elif kind == 'latency':
        asked = [each for each in systems if each not in (Pm2, ZeoctlKept)]
        in_turn(asked, options.rounds, results, lambda system: show_latency(measure_latency(system, f'{base}/run', flood)))
    else:
        sizes = {'blocks': (options.bytes, 65536), 'lines': (options.bytes / 10, 100), 'long': (options.long, 65536)}
        size, chunk = sizes[kind]
        words = [flood, str(int(size)), str(chunk)]
        flooded = [each for each in systems if each is Zeoctl] if kind == 'long' else systems
        in_turn([Bare, *flooded], options.rounds, results, lambda system: flood_once(system, base, words))


class Bare:
    """No system: the program on a file."""

    name = 'file'


def flood_once(system, base, words):
    """One flood, and what is printed of it."""
    if isinstance(system, Bare):
        seconds = measure_bare(f'{base}/file', words)
        return seconds, f'{seconds:8.3f} s'
    flood = measure_flood(system, f'{base}/run', words)
    return flood, str(flood)


def show_latency(pair):
    """What counts is the median during the flood."""
    idle, flooded = pair
    return flooded, f'{flooded:8.0f} µs  idle {idle:8.0f} µs'


def in_turn(systems, rounds, results, once):
    """All systems in each round, and each round begins with another one; one that fails is reported and goes on."""
    for turn in range(rounds):
        for make in rotate(systems, turn):
            try:
                sample, text = once(make())
            except (OSError, subprocess.CalledProcessError, StopIteration) as error:
                print(f'{make.name:14} abandoned: {error}', file=sys.stderr, flush=True)
                continue
            results.setdefault(make.name, []).append(sample)
            print(f'{make.name:14} {text}', flush=True)


def parse_options():
    """Every list has all as its default; `present` are the systems that are installed."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument('--bytes', type=float, default=1e9)
    parser.add_argument('--long', type=float, default=8e9, metavar='BYTES')
    parser.add_argument('--rounds', type=int, default=3)
    parser.add_argument('--folder', default='/dev/shm')
    parser.add_argument('--only', nargs='+', choices=KINDS, default=KINDS)
    parser.add_argument('--systems', nargs='+', default=[''], metavar='WORD', help='systems whose names have one of these words')
    options = parser.parse_args()
    options.present = [Zeoctl, ZeoctlKept, ZeoctlPump]
    options.present += [Supervisord] if shutil.which('supervisord') else []
    options.present += [Pm2] if os.path.exists(PM2) else []
    return options


if __name__ == '__main__':
    main()
