import { messenger } from '../../../src/channels/messenger';
import { describeChannel } from '../../contracts/channel';
import { subject } from './subject';

describeChannel(messenger, subject);
