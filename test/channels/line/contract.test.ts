import { line } from '../../../src/channels/line';
import { describeChannel } from '../../contracts/channel';
import { subject } from './subject';

describeChannel(line, subject);
