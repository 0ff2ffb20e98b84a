"""Networks and heads: backbones, embeddings, fine-tuning."""
