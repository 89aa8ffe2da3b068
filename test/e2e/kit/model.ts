import { randomUUID } from 'node:crypto';
import { fakeServer, type Answer, type Seen } from '../../fakes/server';

/**
 * A language model on this machine, behind the part of OpenAI's API that n8n's chat model asks: POST /chat/completions
 * without streaming (platform.openai.com/docs/api-reference/chat/create, read 2026-11-22).
 */
export interface FakeModel {
	/** The field 'Base URL' of n8n's credential. */
	url: string;
	/** What the tool is called with, once each, before the model says that it is done. */
	calls: Record<string, unknown>[];
	/** Of the last request: what it was offered. */
	tools: ModelTool[];
	/** What the tool answered, in order, as the model got it. */
	results: string[];
	close(): Promise<void>;
}

interface ModelTool {
	name: string;
	description: string;
	parameters: { properties?: Record<string, unknown> };
}

interface Asked {
	messages: { role: string; content: unknown }[];
	tools?: { function: ModelTool }[];
}

export const DONE = 'I am done.';

export async function fakeModel(): Promise<FakeModel> {
	const server = await fakeServer((request) => answer(request));
	const model: FakeModel = { url: `${server.url}/v1`, calls: [], tools: [], results: [], close: () => server.close() };

	function answer({ path, method, json }: Seen): Answer {
		if (`${method} ${path}` !== 'POST /v1/chat/completions') return { status: 404, json: { error: { message: `Unknown request URL: ${method} ${path}`, type: 'invalid_request_error' } } };
		const { messages, tools = [] } = json as Asked;
		model.tools = tools.map((tool) => tool.function);
		const last = messages.at(-1);
		if (last?.role === 'tool') model.results.push(typeof last.content === 'string' ? last.content : JSON.stringify(last.content));
		const call = model.calls.shift();
		const [tool] = model.tools;
		return { json: completion(call && tool ? { call, name: tool.name } : null) };
	}
	return model;
}

function completion(use: { call: Record<string, unknown>; name: string } | null) {
	const message = use
		? { role: 'assistant', content: null, tool_calls: [{ id: `call_${randomUUID()}`, type: 'function', function: { name: use.name, arguments: JSON.stringify(use.call) } }] }
		: { role: 'assistant', content: DONE };
	return {
		id: `chatcmpl-${randomUUID()}`,
		object: 'chat.completion',
		created: Math.floor(Date.now() / 1000),
		model: 'fake-model',
		choices: [{ index: 0, message, finish_reason: use ? 'tool_calls' : 'stop', logprobs: null }],
		usage: { prompt_tokens: 10, completion_tokens: 10, total_tokens: 20 },
	};
}
