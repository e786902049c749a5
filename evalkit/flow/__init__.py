"""The flow put together: documents go through all steps in shards, and shards are combined into a result."""
