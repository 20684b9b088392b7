package wire

import (
	"context"
	"encoding/json"
	"fmt"
	"time"
)

// callMax bounds how long an answer of the client is waited for. A message that
// nobody clicks away within it counts as one that nobody chose from.
const callMax = time.Minute

// Notify sends a notification to the client. It does not wait.
func (c *Conn) Notify(method string, params any) error {
	raw, err := encode(params)
	if err != nil {
		return fmt.Errorf("encoding the parameters of %s: %w", method, err)
	}
	if err := c.rpc.Notify(c.ctx, method, raw); err != nil {
		return fmt.Errorf("notifying of %s: %w", method, err)
	}
	return nil
}

// Call asks the client and stores its answer in the value that result points to;
// with a nil result the answer is thrown away. Null leaves the value as it is.
// It waits until there is an answer, ctx is done, the session ends, or a minute
// has passed. It must not be called on the read loop, which would have to read
// the answer.
func (c *Conn) Call(ctx context.Context, method string, params, result any) error {
	raw, err := encode(params)
	if err != nil {
		return fmt.Errorf("encoding the parameters of %s: %w", method, err)
	}
	ctx, cancel := c.within(ctx, callMax)
	defer cancel()
	var answer json.RawMessage
	id, err := c.rpc.Call(ctx, method, raw, &answer)
	if err != nil {
		// Nobody waits any more; the library would send the id but as a pointer.
		if c.stream.forget(id) && c.ctx.Err() == nil {
			_ = c.Notify("$/cancelRequest", map[string]any{"id": &id})
		}
		return fmt.Errorf("calling %s: %w", method, err)
	}
	if result == nil || len(answer) == 0 {
		return nil
	}
	if err := json.Unmarshal(answer, result); err != nil {
		return fmt.Errorf("reading the answer to %s: %w", method, err)
	}
	return nil
}
