"""A `Sheet` to typed pins and problems: cell text to typed values, the pandera schema, the rules in a scope."""
