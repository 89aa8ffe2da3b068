import { email } from '../../../src/channels/email';
import { describeChannel } from '../../contracts/channel';
import { subject } from './subject';

describeChannel(email, subject);
