import { instagram } from '../../../src/channels/instagram';
import { describeChannel } from '../../contracts/channel';
import { subject } from './subject';

describeChannel(instagram, subject);
