"""The formats of workbooks, a file each. All of it runs in the child process."""
