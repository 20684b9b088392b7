package wire

// OutboxRoom is how much may wait for a client that is asked for more work.
const OutboxRoom = outboxRoom

// Waiting gives the bytes that wait for the client.
func (c *Conn) Waiting() int {
	c.out.mu.Lock()
	defer c.out.mu.Unlock()
	return c.out.size
}
