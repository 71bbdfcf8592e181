"""What SageMaker's XGBoost image has under this name: readers of data, the built-in algorithm, and how it is served."""
