"""Log throughput side by side: a program floods its standard output with 100-byte lines under each supervisor.

    python3 test/bench/logs.py [--bytes 1e9] [--rounds 3] [--folder /dev/shm] [--only pump supervisord]

Per round and chunk size (64 KiB, and one line a write): seconds until all is in the log, the program's own time of
writing, processor time of the supervisor and its helpers while that lasts, and the most memory it had. `file` is
the program on a file, with nobody in between. At the end stand the promises and whether the medians keep them.
"""
import argparse
import glob
import os
import shutil
import signal
import statistics
import subprocess
import sys
import tempfile
import time

HERE = os.path.dirname(os.path.abspath(__file__))
ZEOCTL = ['node', f'{HERE}/../../dist/zeoctl.cjs']
PM2 = os.environ.get('PM2') or f'{HERE}/../../.artifacts/bench/node_modules/.bin/pm2'


def run(argv, **options):
    return subprocess.run(argv, stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, **options)


def children(pid):
    found = []
    for task in glob.glob(f'/proc/{pid}/task/*/children'):
        with open(task) as file:
            for child in file.read().split():
                found += [int(child), *children(int(child))]
    return found


def processor(pid):
    """Seconds of a process, to the nanosecond, and of the children that it has reaped, in ticks of the system."""
    own = 0
    for name in glob.glob(f'/proc/{pid}/task/*/schedstat'):
        with open(name) as file:
            own += int(file.read().split()[0])
    with open(f'/proc/{pid}/stat') as file:
        fields = file.read().rsplit(')', 1)[1].split()
    return own / 1e9 + sum(int(value) for value in fields[13:15]) / os.sysconf('SC_CLK_TCK')


def peak(pid):
    with open(f'/proc/{pid}/status') as file:
        return next(int(line.split()[1]) for line in file if line.startswith('VmHWM')) / 1024


class Zeoctl:
    name, section = 'zeoctl direct', ''

    def up(self, folder, program):
        with open(f'{folder}/d.conf', 'w') as file:
            file.write(f'<runner>\nprogram {" ".join(program)}\nsocket-name {folder}/s\ntranscript {folder}/out.log\n</runner>\n{self.section}')
        self.argv = [*ZEOCTL, '-C', f'{folder}/d.conf']
        run([*self.argv, 'start'], cwd=folder, check=True)
        self.logs = f'{folder}/out.log*'

    def manager(self, program):
        with open(f'/proc/{program}/status') as file:
            return next(int(line.split()[1]) for line in file if line.startswith('PPid'))

    def down(self):
        run([*self.argv, 'stop'])


class ZeoctlUnlimited(Zeoctl):
    name, section = 'zeoctl kept', '<transcript>\nold-files 1000\ntotal-size 100GB\n</transcript>\n'


class ZeoctlPump(Zeoctl):
    name, section = 'zeoctl pump', '<transcript>\nmode pump\non-slow block\nmax-size 100MB\nold-files 1000\ntotal-size 100GB\n</transcript>\n'


class Supervisord(Zeoctl):
    name = 'supervisord'

    def up(self, folder, program):
        with open(f'{HERE}/supervisord.conf') as file:
            text = file.read().replace('{folder}', folder).replace('{program}', ' '.join(program))
        with open(f'{folder}/s.conf', 'w') as file:
            file.write(text)
        run(['supervisord', '-c', f'{folder}/s.conf'], check=True)
        self.pidfile, self.logs = f'{folder}/s.pid', f'{folder}/program.log'

    def down(self):
        with open(self.pidfile) as file:
            pid = int(file.read())
        os.kill(pid, signal.SIGTERM)
        while os.path.exists(f'/proc/{pid}'):
            time.sleep(.01)


class Pm2(Zeoctl):
    name = 'pm2'

    def up(self, folder, program):
        self.env = dict(os.environ, PM2_HOME=f'{folder}/pm2')
        self.argv = ['node', PM2]
        command = ['start', program[0], '--interpreter', 'none', '-o', f'{folder}/out.log', '-e', f'{folder}/err.log', '--', *program[1:]]
        run([*self.argv, *command], env=self.env, check=True)
        self.logs = f'{folder}/out.log'

    def down(self):
        run([*self.argv, 'kill'], env=self.env)


def written(logs):
    return sum(os.stat(name).st_size for name in glob.glob(logs) if os.path.exists(name))


def measure(system, folder, flood, size, chunk, limit):
    os.makedirs(folder)
    stamp = f'{folder}/stamp'
    system.up(folder, [flood, str(size), str(chunk), stamp])
    try:
        end = time.monotonic() + 20
        while not os.path.exists(f'{stamp}.pid') and time.monotonic() < end:
            time.sleep(.01)
        time.sleep(1.5)
        with open(f'{stamp}.pid') as file:
            program = int(file.read())
        manager = system.manager(program)
        before, begin, most = processor(manager), time.monotonic(), 0
        os.kill(program, signal.SIGUSR1)
        # What the limits remove is gone from the files, so the program's own end counts in direct mode.
        while time.monotonic() - begin < limit:
            if os.path.exists(stamp) and (system.name == 'zeoctl direct' or written(system.logs) >= size):
                break
            time.sleep(.005)
        seconds = time.monotonic() - begin
        used, most = processor(manager) - before, peak(manager)
        with open(stamp) as file:
            first, last = map(int, file.read().split())
        return seconds, (last - first) / 1e9, used, most
    finally:
        system.down()
        shutil.rmtree(folder, ignore_errors=True)


def bare(folder, flood, size, chunk):
    os.makedirs(folder)
    stamp = f'{folder}/stamp'
    with open(f'{folder}/out.log', 'ab') as log:
        child = subprocess.Popen([flood, str(size), str(chunk), stamp], stdout=log)
    while not os.path.exists(f'{stamp}.pid'):
        time.sleep(.01)
    time.sleep(.2)
    child.send_signal(signal.SIGUSR1)
    while not os.path.exists(stamp):
        time.sleep(.005)
    time.sleep(.05)
    with open(stamp) as file:
        first, last = map(int, file.read().split())
    child.kill()
    child.wait()
    shutil.rmtree(folder)
    return (last - first) / 1e9


def judge(title, value, relation, bound):
    """One row of the verdicts."""
    kept = value >= bound if relation == '>=' else value <= bound
    return f'{title:48} {value:7.2f}  {relation} {bound:g}  {"ok" if kept else "MISSED"}'


def verdicts(results):
    """The promises, each from the medians of all rounds; `results` holds, by chunk and system, what `measure` gave."""
    for chunk, shares in ((65536, {'supervisord': 1, 'pm2': 2}), (100, {'supervisord': .8})):
        seconds = {name: statistics.median(each[0] for each in rows) for name, rows in results.get(chunk, {}).items()}
        for peer, share in shares.items():
            if 'zeoctl pump' in seconds and peer in seconds:
                yield judge(f'pump, writes of {chunk}: times the speed of {peer}', seconds[peer] / seconds['zeoctl pump'], '>=', share)
    whole = results.get(65536, {})
    if 'zeoctl pump' in whole:
        yield judge('pump: most memory, MB', max(each[3] for each in whole['zeoctl pump']), '<=', 60)
    if 'zeoctl direct' in whole:
        own = statistics.median(each[0] for each in whole['file'])
        writing = statistics.median(each[1] for each in whole['zeoctl direct'])
        share = statistics.median(100 * each[2] / each[0] for each in whole['zeoctl direct'])
        yield judge("direct: times the program's own speed", own / writing, '>=', .95)
        yield judge('direct: processor, %', share, '<=', 1)


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument('--bytes', type=float, default=1e9)
    parser.add_argument('--rounds', type=int, default=3)
    parser.add_argument('--folder', default='/dev/shm')
    parser.add_argument('--only', nargs='+', metavar='WORD', help='systems whose names have one of these words')
    options = parser.parse_args()
    base = tempfile.mkdtemp(prefix='zeoctl-logs-', dir=options.folder)
    flood = f'{base}/flood'
    subprocess.run(['cc', '-O2', '-o', flood, f'{HERE}/tools/flood.c'], check=True)
    systems = [Zeoctl, ZeoctlUnlimited, ZeoctlPump]
    systems += [Supervisord] if shutil.which('supervisord') else []
    systems += [Pm2] if os.path.exists(PM2) else []
    if options.only:
        systems = [each for each in systems if any(word in each.name for word in options.only)]
    results = {}
    try:
        for chunk, size in ((65536, int(options.bytes)), (100, int(options.bytes / 10))):
            for number in range(options.rounds):
                print(f'-- {size / 1e6:.0f} MB in writes of {chunk} bytes, round {number + 1}', flush=True)
                own = bare(f'{base}/file', flood, size, chunk)
                print(f'{"file":14} {own:7.3f} s', flush=True)
                results.setdefault(chunk, {}).setdefault('file', []).append((own,))
                for system in systems:
                    try:
                        seconds, writing, used, most = measure(system(), f'{base}/run', flood, size, chunk, 300)
                    except (OSError, subprocess.CalledProcessError, StopIteration) as error:
                        print(f'{system.name:14} abandoned: {error}', file=sys.stderr)
                        continue
                    results[chunk].setdefault(system.name, []).append((seconds, writing, used, most))
                    print(
                        f'{system.name:14} {seconds:7.3f} s  {size / seconds / 1e6:6.0f} MB/s  program {writing:7.3f} s'
                        f'  processor {used:6.3f} s ({100 * used / seconds:5.2f} %)  peak {most:4.0f} MB',
                        flush=True,
                    )
    finally:
        shutil.rmtree(base, ignore_errors=True)
    print('\n'.join(['', *verdicts(results)]))


if __name__ == '__main__':
    main()
