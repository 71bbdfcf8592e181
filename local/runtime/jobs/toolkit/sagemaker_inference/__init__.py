"""What scripts import of SageMaker's inference toolkit, where it is not installed."""
