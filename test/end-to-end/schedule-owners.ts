import type {ExecutionContext} from 'ava';
import {parseHistory} from '../../src/history/history.js';
