"""The counter unit: pen and card in, a sealed notification in the outbox, a receipt back."""
