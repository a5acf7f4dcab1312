"""Supervisors that hold services in folders: runit and s6, each with its logger."""
import os
import shlex
import subprocess

from machine import quietly
from system import System, missing


def start_quietly(argv, **streams):
    """A long-running process in a session of its own."""
    null = subprocess.DEVNULL
    streams = {'stdin': null, 'stdout': null, **streams}
    return subprocess.Popen(argv, stderr=null, start_new_session=True, **streams)


class Runit(System):
    """Debian package runit: runsv with svlogd."""

    name = 'runit'
    starts_by_command = False

    @classmethod
    def absence(cls):
        return missing('runsv', 'sv', 'svlogd')

    def prepare(self):
        service = f'{self.folder}/service'
        self.write('service/run', f'#!/bin/sh\nexec {shlex.join(self.program)} 2>&1\n', 0o755)
        self.write('service/log/run', f'#!/bin/sh\nexec svlogd {self.folder}/log\n', 0o755)
        os.makedirs(f'{self.folder}/log')
        self.status_argv, self.stop_argv = ['sv', 'status', service], ['sv', 'stop', service]
        self.down_argv = ['sv', 'exit', service]
        self.start_argv = ['runsv', service]

    def launch(self):
        self.process = start_quietly(self.start_argv)

    def managers(self):
        return [self.process.pid]

    def down(self):
        quietly(self.down_argv)
        self.process.wait()


class S6(System):
    """Debian package s6: s6-supervise for the program and for its logger, joined by a pipe as s6-svscan does."""

    name = 's6'
    starts_by_command = False

    @classmethod
    def absence(cls):
        return missing('s6-supervise', 's6-svc', 's6-svstat', 's6-log')

    def prepare(self):
        self.service, self.log_service = f'{self.folder}/service', f'{self.folder}/log-service'
        self.write('service/run', f'#!/bin/sh\nexec {shlex.join(self.program)} 2>&1\n', 0o755)
        self.write('log-service/run', f'#!/bin/sh\nexec s6-log n20 {self.folder}/log\n', 0o755)
        os.makedirs(f'{self.folder}/log')
        self.status_argv, self.stop_argv = ['s6-svstat', self.service], ['s6-svc', '-wd', '-d', self.service]

    def launch(self):
        read, write = os.pipe()
        self.logger = start_quietly(['s6-supervise', self.log_service], stdin=read)
        self.process = start_quietly(['s6-supervise', self.service], stdout=write)
        os.close(read)
        os.close(write)

    def managers(self):
        return [self.process.pid, self.logger.pid]

    def down(self):
        quietly(['s6-svc', '-dx', self.service])
        self.process.wait()
        quietly(['s6-svc', '-dx', self.log_service])
        self.logger.wait()
