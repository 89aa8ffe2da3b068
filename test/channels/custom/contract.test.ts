import { custom } from '../../../src/channels/custom';
import { describeChannel } from '../../contracts/channel';
import { subject } from './subject';

describeChannel(custom, subject);
