"""The search in other sites: loader, modules, frame, builder, oEmbed."""
