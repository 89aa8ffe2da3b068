import { viber } from '../../../src/channels/viber';
import { describeChannel } from '../../contracts/channel';
import { subject } from './subject';

describeChannel(viber, subject);
