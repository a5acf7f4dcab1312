"""Packs copies of one Data.fs by `zeoctl pack` and by ZEO's `zeopack`, in turns, and prints one table.

    python3 test/bench/pack.py [--megabytes 500] [--rounds 5]

Needs ZEOCTL_TEST_PYTHON (or .test-env) with ZEO, and a built dist/. Each pack is of a fresh copy, by a fresh server.
"""
import argparse
import os
import shutil
import socket
import statistics
import subprocess
import sys
import tempfile
import time

ROOT = os.path.dirname(os.path.dirname(os.path.dirname(os.path.abspath(__file__))))
PYTHON = os.environ.get('ZEOCTL_TEST_PYTHON', os.path.join(ROOT, '.test-env/bin/python'))
ZEOCTL = [os.environ.get('NODE', 'node'), os.environ.get('ZEOCTL', os.path.join(ROOT, 'dist/zeoctl.cjs'))]

CONF = """<zeo>
address 127.0.0.1:{port}
</zeo>
<filestorage main>
path {folder}/Data.fs
</filestorage>
"""
RUNNER = """<runner>
program {runzeo} -C {folder}/server.conf
socket-name {folder}/sock
</runner>
"""


def tool(name):
    """A command beside the Python that has ZEO."""
    return os.path.join(os.path.dirname(PYTHON), name)


def free_port():
    """A port where nobody listens."""
    with socket.socket() as found:
        found.bind(('127.0.0.1', 0))
        return found.getsockname()[1]


def await_server(port, server):
    """Waits until somebody accepts connections."""
    while server.poll() is None:
        try:
            socket.create_connection(('127.0.0.1', port), 1).close()
            return
        except OSError:
            time.sleep(0.05)
    raise RuntimeError('the server has ended')


def pack_once(master, folder, command):
    """Packs a copy; gives the seconds of the command and the bytes that are left."""
    shutil.rmtree(folder, ignore_errors=True)
    shutil.copytree(master, folder)
    port = free_port()
    with open(f'{folder}/server.conf', 'w') as conf:
        conf.write(CONF.format(port=port, folder=folder))
    with open(f'{folder}/zeo.conf', 'w') as conf:
        conf.write(CONF.format(port=port, folder=folder))
        conf.write(RUNNER.format(folder=folder, runzeo=tool('runzeo')))
    with open(f'{folder}/log', 'w') as log:
        server = subprocess.Popen([tool('runzeo'), '-C', f'{folder}/server.conf'], stdout=log, stderr=log)
    try:
        await_server(port, server)
        begin = time.monotonic()
        subprocess.run([word.format(port=port, folder=folder) for word in command],
                       check=True, stdout=subprocess.DEVNULL)
        seconds = time.monotonic() - begin
    finally:
        server.terminate()
        server.wait()
    return seconds, os.path.getsize(f'{folder}/Data.fs')


def main():
    """The command line."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument('--megabytes', type=int, default=500)
    parser.add_argument('--rounds', type=int, default=5)
    options = parser.parse_args()
    systems = {
        'zeoctl pack': [*ZEOCTL, '-C', '{folder}/zeo.conf', 'pack', '--days', '0'],
        'zeopack': [tool('zeopack'), '-d', '0', '-h', '127.0.0.1', '-p', '{port}', '-S', 'main'],
    }
    base = tempfile.mkdtemp(prefix='zb-')
    try:
        print(f'making {options.megabytes} MB', file=sys.stderr)
        maker = os.path.join(ROOT, 'test/fixtures/make_filestorage.py')
        subprocess.run([PYTHON, maker, '--path', f'{base}/master/Data.fs', '--megabytes', str(options.megabytes),
                        '--garbage-fraction', '0.6'], check=True, stdout=subprocess.DEVNULL)
        results = {name: [] for name in systems}
        for turn in range(options.rounds):
            order = list(systems) if turn % 2 == 0 else list(reversed(systems))
            for name in order:
                seconds, left = pack_once(f'{base}/master', f'{base}/copy', systems[name])
                results[name].append(seconds)
                print(f'{name}: {seconds:.2f} s, {left} bytes left', file=sys.stderr)
    finally:
        shutil.rmtree(base, ignore_errors=True)
    print(f'| {options.megabytes} MB | median | best | worst |\n|---|---|---|---|')
    for name, seconds in results.items():
        print(f'| {name} | {statistics.median(seconds):.2f} s | {min(seconds):.2f} s | {max(seconds):.2f} s |')


if __name__ == '__main__':
    main()
