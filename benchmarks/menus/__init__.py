"""How many menus are read, and what photographs without a menu are taken for one."""
