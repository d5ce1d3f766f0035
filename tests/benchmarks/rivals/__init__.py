"""Other engines on the same documents and the same questions, each as it is used at its best."""
