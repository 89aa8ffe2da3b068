import { wechat } from '../../../src/channels/wechat';
import { describeChannel } from '../../contracts/channel';
import { subject } from './subject';

describeChannel(wechat, subject);
