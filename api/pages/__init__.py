"""The pages that people see: server-rendered, whole without JavaScript, loaded when a browser asks for one."""
