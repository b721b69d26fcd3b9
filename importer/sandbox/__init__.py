"""The stand-in server: the contract, served."""
