"""`zeoctl logtail` on a large file against an empty script of Node."""
import os
import subprocess
import time

from log_systems import ZEOCTL
from machine import NODE, time_command

LINES = ''.join(f'line {number}\n' for number in range(10))


def measure_tail(folder, rounds):
    """Times in ms, in turns: until the ten lines are read, and of the whole empty script."""
    os.makedirs(folder)
    log, empty, conf = f'{folder}/large.log', f'{folder}/empty.cjs', f'{folder}/d.conf'
    with open(log, 'wb') as file:
        file.seek(5_000_000_000 - len(LINES) - 1)
        file.write(f'\n{LINES}'.encode())
    with open(empty, 'w'):
        pass
    with open(conf, 'w') as file:
        file.write('<runner>\n  program sleep 600\n</runner>\n')
    tails, scripts = [], []
    for turn in range(rounds + 1):
        pair = [(tails, lambda: time_tail(conf, log)), (scripts, lambda: time_command([NODE, empty]))]
        for samples, measure in pair if turn % 2 else reversed(pair):
            samples.append(measure())
    # The first of each has filled the caches.
    return tails[1:], scripts[1:]


def time_tail(conf, log):
    """Until the last of the ten lines is there; it would follow for ever."""
    begin = time.monotonic_ns()
    with subprocess.Popen([*ZEOCTL, '-C', conf, 'logtail', log], stdout=subprocess.PIPE) as child:
        shown = b''
        while len(shown) < len(LINES) and (chunk := os.read(child.stdout.fileno(), 65536)):
            shown += chunk
        end = time.monotonic_ns()
        child.kill()
    if shown.decode() != LINES:
        raise OSError(f'logtail shows {shown!r}')
    return (end - begin) / 1e6
