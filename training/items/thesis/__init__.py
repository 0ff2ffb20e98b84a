"""The thesis's text, image and text–image networks, made again and measured beside ours."""
