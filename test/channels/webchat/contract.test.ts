import { webchat } from '../../../src/channels/webchat';
import { describeChannel } from '../../contracts/channel';
import { subject } from './subject';

describeChannel(webchat, subject);
